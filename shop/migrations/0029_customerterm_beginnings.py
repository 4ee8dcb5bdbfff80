from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0028_order_changed_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='customerterm',
            name='beginnings',
            field=models.BigIntegerField(db_default=-1),
        ),
    ]
