import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0007_orderline'),
    ]

    operations = [
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.BigIntegerField(help_text='Positive: came in. Negative: went out.')),
                ('reason', models.CharField(choices=[('received', 'Received'), ('counted', 'Counted'), ('damaged', 'Damaged or lost'), ('sold', 'Sold'), ('returned', 'Returned'), ('untracked', 'No longer tracked')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('author', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='shop.order')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='shop.product')),
            ],
            options={
                'indexes': [models.Index(fields=['product', 'created_at', 'id'], name='movement_by_product'), models.Index(fields=['order'], name='movement_by_order'), models.Index(fields=['author'], name='movement_by_author')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity', 0), _negated=True), name='movement_moves'), models.CheckConstraint(condition=models.Q(models.Q(('reason__in', ['sold', 'returned']), _negated=True), ('order__isnull', False), _connector='OR'), name='movement_of_sale_has_order')],
            },
        ),
    ]
