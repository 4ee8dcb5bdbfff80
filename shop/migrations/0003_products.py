import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    initial = True

    dependencies = [
        ('shop', '0002_customers'),
    ]

    operations = [
        migrations.CreateModel(
            name='TaxClass',
            fields=[
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
            ],
            options={
                'verbose_name_plural': 'tax classes',
                'ordering': ('code',),
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='tax_class_has_code_and_name')],
            },
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('percent', models.DecimalField(decimal_places=3, max_digits=6)),
                ('tax_class', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='shop.taxclass')),
            ],
            options={
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lt', 100)), name='tax_rate_in_range'), models.UniqueConstraint(fields=('tax_class', 'valid_from'), name='tax_rate_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('active', models.BooleanField(default=True)),
                ('sku', models.CharField(max_length=40, verbose_name='SKU')),
                ('name', models.CharField(max_length=200)),
                ('name_key', models.CharField(editable=False, max_length=200)),
                ('barcode', models.CharField(blank=True, max_length=40, null=True)),
                ('unit_price', models.DecimalField(decimal_places=2, max_digits=18, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('9999999999999.99'))])),
                ('tax_class', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='shop.taxclass')),
                ('cost', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('9999999999999.99'))])),
                ('priced_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('stock', models.BigIntegerField(blank=True, null=True)),
                ('low_stock', models.GeneratedField(db_persist=True, expression=models.Case(models.When(stock__lte=5, then=models.F('stock')), default=None), output_field=models.BigIntegerField(null=True))),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['name_key', 'id'], name='product_by_name'), models.Index(fields=['unit_price', 'id'], name='product_by_price'), models.Index(condition=models.Q(('active', True), ('low_stock__isnull', False)), fields=['low_stock', 'id'], name='product_low_stock'), models.Index(condition=models.Q(('active', False)), fields=['name_key', 'id'], name='product_retired')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sku', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='product_has_sku_and_name'), models.CheckConstraint(condition=models.Q(('barcode', ''), _negated=True), name='product_barcode_not_empty'), models.CheckConstraint(condition=models.Q(('unit_price__gte', 0), ('unit_price__lte', Decimal('9999999999999.99'))), name='product_price_in_range'), models.CheckConstraint(condition=models.Q(('cost', None), models.Q(('cost__gte', 0), ('cost__lte', Decimal('9999999999999.99'))), _connector='OR'), name='product_cost_in_range'), models.CheckConstraint(condition=models.Q(('stock__gte', 0)), name='product_stock_not_negative'), models.UniqueConstraint(fields=('sku',), name='product_sku_once'), models.UniqueConstraint(condition=models.Q(('barcode__isnull', False)), fields=('barcode',), name='product_barcode_once')],
            },
        ),
        migrations.CreateModel(
            name='ProductTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.BinaryField(max_length=161)),
                ('beginnings', models.BigIntegerField(db_default=-1)),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='shop.product')),
            ],
            options={
                'indexes': [models.Index(fields=['term', 'product', 'beginnings'], name='product_by_beginning')],
                'constraints': [models.UniqueConstraint(fields=('product', 'term'), name='product_term_once')],
            },
        ),
    ]
