from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0021_customer_changed_by'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='changed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
