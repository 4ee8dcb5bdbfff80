import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    initial = True

    dependencies = [
        ('shop', '0001_staff'),
    ]

    operations = [
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('name', models.CharField(max_length=200)),
                ('name_key', models.CharField(editable=False, max_length=200)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('address', models.TextField(blank=True, max_length=1000)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('external_number', models.CharField(blank=True, max_length=40, null=True)),
                ('active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['name_key', 'id'], name='customer_by_name'), models.Index(fields=['created_at', 'id'], name='customer_by_age'), models.Index(condition=models.Q(('active', False)), fields=['name_key', 'id'], name='customer_retired')],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='customer_has_name'), models.UniqueConstraint(condition=models.Q(('external_number__isnull', False)), fields=('external_number',), name='customer_external_number_once')],
            },
        ),
        migrations.CreateModel(
            name='CustomerTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.BinaryField(max_length=161)),
                ('beginnings', models.BigIntegerField(db_default=-1)),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='shop.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['term', 'customer', 'beginnings'], name='customer_by_beginning')],
                'constraints': [models.UniqueConstraint(fields=('customer', 'term'), name='customer_term_once')],
            },
        ),
    ]
