import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0004_product'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProductTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.BinaryField(max_length=161)),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='shop.product')),
            ],
            options={
                'indexes': [models.Index(fields=['term', 'product'], name='product_by_term')],
                'constraints': [models.UniqueConstraint(fields=('product', 'term'), name='product_term_once')],
            },
        ),
    ]
