import django.db.models.deletion
import django.utils.timezone
import shop.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0005_productterm'),
    ]

    operations = [
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=shop.models.new_reference, editable=False, max_length=12, unique=True)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('placed', 'Placed'), ('fulfilled', 'Fulfilled'), ('cancelled', 'Cancelled')], default='draft', max_length=10)),
                ('subtotal', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=18)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('dated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('placed_at', models.DateTimeField(blank=True, null=True)),
                ('parked_at', models.DateTimeField(blank=True, null=True)),
                ('external_number', models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders_created', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='shop.customer')),
                ('placed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders_placed', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('place_order', 'Can place and fulfil orders, and cancel placed ones'), ('cancel_fulfilled_order', 'Can cancel fulfilled orders'), ('import_orders', 'Can import orders')],
                'indexes': [models.Index(fields=['dated_at', 'id'], name='order_by_date'), models.Index(fields=['status', 'dated_at', 'id'], name='order_by_status'), models.Index(fields=['customer', 'dated_at', 'id'], name='order_by_customer'), models.Index(fields=['created_by', 'dated_at', 'id'], name='order_by_creator'), models.Index(fields=['placed_by', 'dated_at', 'id'], name='order_by_placer'), models.Index(fields=['subtotal', 'id'], name='order_by_subtotal')],
                'constraints': [models.CheckConstraint(condition=models.Q(('subtotal__gte', 0), ('subtotal__lte', Decimal('9999999999999.99'))), name='order_subtotal_in_range'), models.CheckConstraint(condition=models.Q(models.Q(('placed_at', None), ('status', 'draft')), models.Q(('placed_at__isnull', False), ('status__in', ['placed', 'fulfilled'])), ('status', 'cancelled'), _connector='OR'), name='order_status_fits_placed_at'), models.CheckConstraint(condition=models.Q(('placed_at', None), ('dated_at', models.F('placed_at')), _connector='OR'), name='order_dated_when_placed'), models.CheckConstraint(condition=models.Q(('parked_at', None), ('placed_at', None), _connector='OR'), name='order_parked_only_unplaced')],
            },
        ),
    ]
