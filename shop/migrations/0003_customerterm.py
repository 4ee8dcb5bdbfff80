import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0002_customer'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.BinaryField(max_length=161)),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='shop.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['term', 'customer'], name='customer_by_term')],
                'constraints': [models.UniqueConstraint(fields=('customer', 'term'), name='customer_term_once')],
            },
        ),
    ]
