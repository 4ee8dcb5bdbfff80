from django.db import migrations


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0034_no_customer_by_term'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='productterm',
            name='product_by_term',
        ),
    ]
