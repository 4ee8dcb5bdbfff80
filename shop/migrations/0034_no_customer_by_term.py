from django.db import migrations


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0033_product_by_beginning'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='customerterm',
            name='customer_by_term',
        ),
    ]
