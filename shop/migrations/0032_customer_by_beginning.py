from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0031_fill_beginnings'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='customerterm',
            index=models.Index(fields=['term', 'customer', 'beginnings'], name='customer_by_beginning'),
        ),
    ]
