import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.math
import django.db.models.lookups
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    initial = True

    dependencies = [
        ('shop', '0003_products'),
    ]

    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('prices_include_tax', models.BooleanField(default=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('discount', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('discount_percent', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ('discount_reason', models.CharField(blank=True, max_length=200)),
                ('total', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('tax', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('returned', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('paid', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('balance', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('business_day', models.DateField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('reference', models.CharField(editable=False, max_length=12)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('placed', 'Placed'), ('fulfilled', 'Fulfilled'), ('cancelled', 'Cancelled')], default='draft', max_length=10)),
                ('customer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='shop.customer')),
                ('subtotal', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('amount', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('total', 'subtotal'), output_field=models.DecimalField(decimal_places=2, max_digits=18))),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('dated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('placed_at', models.DateTimeField(blank=True, null=True)),
                ('parked_at', models.DateTimeField(blank=True, null=True)),
                ('additions', models.JSONField(blank=True, default=list, editable=False)),
                ('created_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders_created', to=settings.AUTH_USER_MODEL)),
                ('placed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders_placed', to=settings.AUTH_USER_MODEL)),
                ('external_number', models.CharField(blank=True, max_length=40, null=True)),
            ],
            options={
                'permissions': [('place_order', 'Can place and fulfil orders, and cancel placed ones'), ('cancel_fulfilled_order', 'Can cancel fulfilled orders'), ('exceed_discount_limit', 'Can give any discount, and confirm one for others'), ('view_money_audit', 'Can see whether all money adds up'), ('view_reports', 'Can see reports')],
                'indexes': [models.Index(fields=['dated_at', 'id'], name='order_by_date'), models.Index(fields=['status', 'dated_at', 'id'], name='order_by_status'), models.Index(condition=models.Q(('customer__isnull', False)), fields=['customer', 'dated_at', 'id'], name='order_by_customer'), models.Index(condition=models.Q(('status', 'draft'), ('version', 1)), fields=['created_by', 'dated_at'], name='order_untouched'), models.Index(django.db.models.functions.comparison.Coalesce('placed_by', 'created_by'), models.F('dated_at'), models.F('id'), name='order_by_clerk'), models.Index(fields=['amount', 'id'], name='order_by_amount'), models.Index(condition=models.Q(models.Func(models.F('balance'), output_field=models.BooleanField(), template='%(expressions)s <> 0')), fields=['dated_at', 'id', 'business_day', 'balance'], name='order_by_open_balance')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('business_day', None), ('tax', None), ('total', None)), models.Q(('business_day__isnull', False), ('tax__isnull', False), ('total__isnull', False), ('tax__gte', 0), ('total__gte', 0), ('total__lte', Decimal('9999999999999.99'))), _connector='OR'), name='order_total_in_range'), models.CheckConstraint(condition=models.Q(('placed_at', None), models.Q(('total__isnull', False), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='order_total_when_placed'), models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('paid__gte', 0), ('returned__gte', 0)), name='order_money_not_negative'), models.CheckConstraint(condition=models.Q(('discount_percent', None), models.Q(('discount_percent__gte', 0), ('discount_percent__lte', 100)), _connector='OR'), name='order_discount_percent_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('returned', 0), ('total', None)), models.Q(('returned__lte', models.F('total')), ('total__isnull', False)), _connector='OR'), name='order_returned_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('balance', None), ('paid', 0)), models.Q(('balance__isnull', False), ('total__isnull', False), django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('total'), '-', models.F('returned')), '-', models.F('paid')), '-', models.F('balance')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0'))), _connector='OR'), name='order_balance_adds_up'), models.CheckConstraint(condition=models.Q(('subtotal__gte', 0), ('subtotal__lte', Decimal('9999999999999.99'))), name='order_subtotal_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('placed_at', None), ('status', 'draft')), models.Q(('placed_at__isnull', False), ('status__in', ['placed', 'fulfilled'])), ('status', 'cancelled'), _connector='OR'), name='order_status_fits_placed_at'), models.CheckConstraint(condition=models.Q(('placed_at', None), ('dated_at', models.F('placed_at')), _connector='OR'), name='order_dated_when_placed'), models.CheckConstraint(condition=models.Q(('parked_at', None), ('placed_at', None), _connector='OR'), name='order_parked_only_unplaced'), models.UniqueConstraint(fields=('reference',), name='order_reference_once'), models.UniqueConstraint(condition=models.Q(('external_number__isnull', False)), fields=('external_number',), name='order_external_number_once')],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('discount', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('discount_percent', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ('discount_reason', models.CharField(blank=True, max_length=200)),
                ('share', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('tax_code', models.CharField(blank=True, max_length=20, null=True)),
                ('tax_percent', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=6)),
                ('gross', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('net', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('tax', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('unit_cost', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True)),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='shop.order')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='order_lines', to='shop.product')),
                ('position', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('quantity', models.PositiveIntegerField()),
                ('unit_price', models.DecimalField(decimal_places=2, max_digits=18)),
            ],
            options={
                'ordering': ['position', 'id'],
                'indexes': [models.Index(fields=['order', 'position', 'id'], name='line_by_order'), models.Index(fields=['product', 'order'], name='line_by_product')],
                'constraints': [models.CheckConstraint(condition=models.Q(('discount__gte', 0), ('share__gte', 0)), name='line_discounts_not_negative'), models.CheckConstraint(condition=models.Q(('discount_percent', None), models.Q(('discount_percent__gte', 0), ('discount_percent__lte', 100)), _connector='OR'), name='line_discount_percent_in_range'), models.CheckConstraint(condition=models.Q(('tax_percent__gte', 0), ('tax_percent__lt', 100)), name='line_tax_percent_in_range'), models.CheckConstraint(condition=models.Q(('unit_cost', None), ('unit_cost__gte', 0), _connector='OR'), name='line_cost_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('gross', None), ('net', None), ('tax', None)), models.Q(('gross__isnull', False), ('net__isnull', False), ('tax__isnull', False), ('gross__gte', 0), ('net__gte', 0), ('tax__gte', 0), django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')), '-', models.F('gross')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0')), models.Q(django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('quantity'), '*', models.F('unit_price')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), '-', models.F('discount')), '-', models.F('share')), '-', models.F('gross')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0')), django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('quantity'), '*', models.F('unit_price')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), '-', models.F('discount')), '-', models.F('share')), '-', models.F('net')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0')), _connector='OR')), _connector='OR'), name='line_money_adds_up'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 1000000)), name='line_quantity_in_range'), models.CheckConstraint(condition=models.Q(('unit_price__gte', 0), ('unit_price__lte', Decimal('9999999999999.99'))), name='line_price_in_range')],
            },
        ),
        migrations.CreateModel(
            name='OrderEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', 'Opened'), ('placed', 'Placed'), ('fulfilled', 'Fulfilled'), ('cancelled', 'Cancelled'), ('discarded', 'Discarded'), ('reopened', 'Reopened'), ('corrected', 'Corrected'), ('returned', 'Returned'), ('allowance', 'Price lowered'), ('imported', 'Imported'), ('discounted', 'Discounted')], max_length=10)),
                ('parameters', models.JSONField(blank=True, default=dict)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('author', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='shop.order')),
            ],
            options={
                'ordering': ['created_at', 'id'],
                'indexes': [models.Index(fields=['order', 'created_at', 'id'], name='event_by_order')],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.BigIntegerField(help_text='Positive: came in. Negative: went out.')),
                ('reason', models.CharField(choices=[('received', 'Received'), ('counted', 'Counted'), ('damaged', 'Damaged or lost'), ('sold', 'Sold'), ('returned', 'Returned'), ('corrected', 'Corrected'), ('untracked', 'No longer tracked')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('author', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='shop.order')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='shop.product')),
            ],
            options={
                'indexes': [models.Index(fields=['product', 'created_at', 'id'], name='movement_by_product'), models.Index(fields=['order'], name='movement_by_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity', 0), _negated=True), name='movement_moves'), models.CheckConstraint(condition=models.Q(models.Q(('reason__in', ['sold', 'returned', 'corrected']), _negated=True), ('order__isnull', False), _connector='OR'), name='movement_of_sale_has_order')],
            },
        ),
    ]
