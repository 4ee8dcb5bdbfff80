from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0032_customer_by_beginning'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='productterm',
            index=models.Index(fields=['term', 'product', 'beginnings'], name='product_by_beginning'),
        ),
    ]
