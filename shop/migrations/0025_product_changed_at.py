from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0024_product_changed_by'),
    ]

    operations = [
        migrations.AddField(
            model_name='product',
            name='changed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
