from django.db import migrations


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0015_order_by_clerk'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='order',
            name='order_by_placer',
        ),
    ]
