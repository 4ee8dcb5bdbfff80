from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0029_customerterm_beginnings'),
    ]

    operations = [
        migrations.AddField(
            model_name='productterm',
            name='beginnings',
            field=models.BigIntegerField(db_default=-1),
        ),
    ]
