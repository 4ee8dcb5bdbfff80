import django.db.models.deletion
import django.db.models.expressions
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
        ('shop', '0005_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('prefix', models.CharField(max_length=8)),
                ('purpose', models.CharField(choices=[('counter', 'Counter'), ('api', 'JSON API')], default='counter', max_length=10)),
                ('opens_itself', models.BooleanField(default=True)),
                ('active', models.BooleanField(default=True)),
                ('next_number', models.PositiveIntegerField(default=1, editable=False)),
                ('chain', models.CharField(blank=True, editable=False, max_length=64)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('prefix',), name='register_prefix_once'), models.UniqueConstraint(fields=('name',), name='register_name_once'), models.CheckConstraint(condition=models.Q(models.Q(('prefix', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='register_has_name_and_prefix'), models.CheckConstraint(condition=models.Q(('next_number__gte', 1)), name='register_counts_from_one')],
            },
        ),
        migrations.CreateModel(
            name='TillSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='shop.register')),
                ('number', models.PositiveIntegerField()),
                ('opened_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('float_expected', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('opening_float', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('closed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('expected', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('counted', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('difference', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('banked', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('drawer_openings', models.PositiveIntegerField(default=0)),
            ],
            options={
                'permissions': [('view_expected_cash', 'Can see the expected cash before counting'), ('operate_till', 'Can open and close a till, and move cash')],
                'indexes': [models.Index(fields=['opened_at', 'id'], name='session_by_date')],
                'constraints': [models.UniqueConstraint(fields=('register', 'number'), name='session_number_once'), models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('register',), name='register_open_once'), models.CheckConstraint(condition=models.Q(('float_expected__gte', 0), ('opening_float__gte', 0)), name='session_float_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('banked', None), ('closed_at', None), ('counted', None), ('difference', None), ('expected', None)), models.Q(('closed_at__isnull', False), ('counted__isnull', False), ('expected__isnull', False), ('banked__isnull', False), ('difference__isnull', False), ('banked__gte', 0), ('closed_at__gte', models.F('opened_at')), ('counted__gte', 0), ('banked__lte', models.F('counted')), django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('counted'), '-', models.F('expected')), '-', models.F('difference')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0'))), _connector='OR'), name='session_close_adds_up')],
            },
        ),
        migrations.CreateModel(
            name='TillCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='shop.tillsession')),
                ('moment', models.CharField(choices=[('open', 'Open'), ('close', 'Close')], max_length=5)),
                ('denomination', models.DecimalField(decimal_places=2, max_digits=18)),
                ('pieces', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('session', 'moment', 'denomination'), name='count_once'), models.CheckConstraint(condition=models.Q(('denomination__gt', 0), ('pieces__gte', 0)), name='count_in_range')],
            },
        ),
        migrations.CreateModel(
            name='CashMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='shop.tillsession')),
                ('kind', models.CharField(choices=[('float', 'More change'), ('drop', 'To the safe'), ('payout', 'Paid out'), ('found', 'Found')], max_length=10)),
                ('amount', models.DecimalField(decimal_places=2, help_text='Positive: came in. Negative: went out.', max_digits=18)),
                ('reason', models.CharField(max_length=200)),
                ('author', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['session', 'id'], name='cash_movement_by_session')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='cash_movement_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind__in', ['float', 'found'])), models.Q(('amount__lt', 0), ('kind__in', ['drop', 'payout'])), _connector='OR'), name='cash_movement_has_direction')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='shop.order')),
                ('method', models.CharField(choices=[('cash', 'Cash'), ('card', 'Card'), ('transfer', 'Transfer'), ('voucher', 'Voucher'), ('exchange', 'Exchange')], max_length=10)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('tendered', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('change', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('cash', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('rounding', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('session', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='shop.tillsession')),
                ('refund_of', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='shop.payment')),
                ('reverses', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='shop.payment')),
                ('pair', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.payment')),
                ('reference', models.CharField(blank=True, max_length=40)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('currency', models.CharField(max_length=3)),
                ('business_day', models.DateField()),
                ('author', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'permissions': [('refund_payment', 'Can give money back'), ('reverse_payment', 'Can reverse payments of an open session'), ('exceed_refund_limit', 'Can give back any amount in cash, and confirm one for others')],
                'indexes': [models.Index(fields=['order', 'id'], name='payment_by_order'), models.Index(condition=models.Q(('session__isnull', False)), fields=['session', 'id'], name='payment_by_session'), models.Index(condition=models.Q(('refund_of__isnull', False)), fields=['refund_of'], name='payment_by_refunded'), models.Index(fields=['business_day', 'id'], name='payment_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='payment_not_zero'), models.CheckConstraint(condition=models.Q(models.Q(('method', 'cash'), ('session__isnull', False), django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('cash'), '+', models.F('rounding')), '-', models.F('amount')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0'))), models.Q(models.Q(('method', 'cash'), _negated=True), ('cash', 0), ('change', 0), ('rounding', 0), ('tendered', 0)), _connector='OR'), name='payment_cash_adds_up'), models.CheckConstraint(condition=models.Q(models.Q(('cash__lte', 0), ('change', 0), ('tendered', 0)), models.Q(('amount__gt', 0), ('cash__gt', 0), ('change__gte', 0), django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('tendered'), '-', models.F('change')), '-', models.F('cash')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0'))), _connector='OR'), name='payment_change_adds_up'), models.CheckConstraint(condition=models.Q(('refund_of', None), ('amount__lt', 0), _connector='OR'), name='payment_refund_is_negative'), models.CheckConstraint(condition=models.Q(('reverses', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='payment_reversal_has_reason'), models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='payment_reversed_once')],
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='shop.order')),
                ('kind', models.CharField(choices=[('goods', 'Goods returned'), ('allowance', 'Price lowered'), ('cancellation', 'Cancelled')], max_length=12)),
                ('reason', models.CharField(max_length=200)),
                ('gross', models.DecimalField(decimal_places=2, max_digits=18)),
                ('net', models.DecimalField(decimal_places=2, max_digits=18)),
                ('tax', models.DecimalField(decimal_places=2, max_digits=18)),
                ('business_day', models.DateField()),
                ('author', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('customer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='shop.customer')),
                ('external_number', models.CharField(blank=True, max_length=40, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('order__isnull', False)), fields=['order', 'id'], name='return_by_order'), models.Index(fields=['business_day', 'id'], name='return_by_day'), models.Index(condition=models.Q(('customer__isnull', False)), fields=['customer'], name='return_by_customer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('order__isnull', False), ('external_number__isnull', False), _connector='OR'), name='return_has_order_or_number'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='return_has_reason'), models.CheckConstraint(condition=models.Q(('gross__gte', 0), ('net__gte', 0), ('tax__gte', 0), django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')), '-', models.F('gross')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0'))), name='return_money_adds_up'), models.UniqueConstraint(condition=models.Q(('external_number__isnull', False)), fields=('external_number',), name='return_external_number_once')],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of_return', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='shop.return')),
                ('line', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='return_lines', to='shop.orderline')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='return_lines', to='shop.product')),
                ('position', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('quantity', models.PositiveIntegerField()),
                ('gross', models.DecimalField(decimal_places=2, max_digits=18)),
                ('net', models.DecimalField(decimal_places=2, max_digits=18)),
                ('tax', models.DecimalField(decimal_places=2, max_digits=18)),
                ('tax_code', models.CharField(blank=True, max_length=20, null=True)),
                ('tax_percent', models.DecimalField(decimal_places=3, default=0, max_digits=6)),
                ('restock', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('position', 'id'),
                'indexes': [models.Index(condition=models.Q(('line__isnull', False)), fields=['line'], name='return_line_by_line'), models.Index(fields=['product', 'id'], name='return_line_by_product')],
                'constraints': [models.CheckConstraint(condition=models.Q(('gross__gte', 0), ('net__gte', 0), ('tax__gte', 0), django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')), '-', models.F('gross')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0'))), name='return_line_money_adds_up'), models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='return_line_quantity_not_negative'), models.CheckConstraint(condition=models.Q(('restock', False), ('quantity__gt', 0), _connector='OR'), name='return_line_restocks_units'), models.UniqueConstraint(fields=('of_return', 'line'), name='return_line_once')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='shop.register')),
                ('sequence', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('receipt', 'Receipt'), ('slip', 'Payment slip'), ('invoice', 'Invoice'), ('credit_note', 'Credit note'), ('z_report', 'Z-report')], max_length=12)),
                ('order', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='shop.order')),
                ('of_return', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='shop.return')),
                ('payment', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='shop.payment')),
                ('session', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='shop.tillsession')),
                ('corrects', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='shop.document')),
                ('counts_tax', models.BooleanField(default=True)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issued_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('currency', models.CharField(max_length=3)),
                ('body', models.JSONField()),
                ('gross', models.DecimalField(decimal_places=2, max_digits=18)),
                ('net', models.DecimalField(decimal_places=2, max_digits=18)),
                ('tax', models.DecimalField(decimal_places=2, max_digits=18)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'default_permissions': ('view', 'add'),
                'indexes': [models.Index(condition=models.Q(('order__isnull', False)), fields=['order', 'id'], name='document_by_order'), models.Index(fields=['issued_at', 'id'], name='document_by_date')],
                'constraints': [models.UniqueConstraint(fields=('register', 'sequence'), name='document_sequence_once'), models.UniqueConstraint(fields=('number',), name='document_number_once'), models.UniqueConstraint(condition=models.Q(('of_return__isnull', False)), fields=('of_return',), name='document_return_once'), models.UniqueConstraint(condition=models.Q(('payment__isnull', False)), fields=('payment',), name='document_payment_once'), models.UniqueConstraint(condition=models.Q(('session__isnull', False)), fields=('session',), name='document_session_once'), models.UniqueConstraint(condition=models.Q(('corrects__isnull', False), ('of_return', None)), fields=('corrects',), name='document_withdrawn_once'), models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='document_counts_from_one'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')), '-', models.F('gross')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0'))), name='document_money_adds_up')],
            },
        ),
        migrations.CreateModel(
            name='DocumentTax',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='taxes', to='shop.document')),
                ('code', models.CharField(blank=True, max_length=20, null=True)),
                ('percent', models.DecimalField(decimal_places=3, max_digits=6)),
                ('gross', models.DecimalField(decimal_places=2, max_digits=18)),
                ('net', models.DecimalField(decimal_places=2, max_digits=18)),
                ('tax', models.DecimalField(decimal_places=2, max_digits=18)),
            ],
            options={
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['document', 'id'], name='document_tax_by_document')],
                'constraints': [models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.db.models.functions.math.Round(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax')), '-', models.F('gross')), output_field=models.DecimalField(decimal_places=2, max_digits=18)), precision=2), Decimal('0'))), name='document_tax_adds_up')],
            },
        ),
        migrations.AddField(
            model_name='register',
            name='open_session',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.tillsession'),
        ),
    ]
