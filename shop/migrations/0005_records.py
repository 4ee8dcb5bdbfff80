import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    initial = True

    dependencies = [
        ('shop', '0004_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(choices=[('order', 'Orders'), ('customer', 'Customers'), ('product', 'Products')], max_length=10, verbose_name='list')),
                ('name', models.CharField(max_length=60)),
                ('query', models.TextField(max_length=2000)),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('share_savedview', 'Can share saved views with everybody')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'noun', 'name'), name='view_name_once'), models.UniqueConstraint(condition=models.Q(('owner', None)), fields=('noun', 'name'), name='shared_view_name_once'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('query', ''), _negated=True)), name='view_has_name_and_query')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('key', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('payload_hash', models.CharField(max_length=64)),
                ('object_id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='key_by_age')],
            },
        ),
        migrations.CreateModel(
            name='BulkResult',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('action', models.CharField(max_length=10)),
                ('list_query', models.TextField(blank=True, max_length=1000)),
                ('outcomes', models.JSONField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]
