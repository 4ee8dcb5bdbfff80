import django.core.validators
import django.utils.timezone
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0003_customerterm'),
    ]

    operations = [
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=40, unique=True, verbose_name='SKU')),
                ('name', models.CharField(max_length=200)),
                ('name_key', models.CharField(editable=False, max_length=200)),
                ('barcode', models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ('unit_price', models.DecimalField(decimal_places=2, max_digits=18, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('9999999999999.99'))])),
                ('priced_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('stock', models.BigIntegerField(blank=True, null=True)),
                ('active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['name_key', 'id'], name='product_by_name'), models.Index(fields=['unit_price', 'id'], name='product_by_price'), models.Index(fields=['active', 'stock', 'id'], name='product_by_stock')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sku', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='product_has_sku_and_name'), models.CheckConstraint(condition=models.Q(('barcode', ''), _negated=True), name='product_barcode_not_empty'), models.CheckConstraint(condition=models.Q(('unit_price__gte', 0), ('unit_price__lte', Decimal('9999999999999.99'))), name='product_price_in_range'), models.CheckConstraint(condition=models.Q(('stock__gte', 0)), name='product_stock_not_negative')],
            },
        ),
    ]
