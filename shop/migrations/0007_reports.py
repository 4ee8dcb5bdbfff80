from django.db import migrations, models

#: What months and years are ranked by.
NET = models.F('sales') - models.F('returns')
MARGIN = models.F('costed_net') * 100 - models.F('cost')


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    initial = True

    dependencies = [
        ('shop', '0006_money'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('version', models.BigIntegerField()),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='DayTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('weekday', models.PositiveSmallIntegerField()),
                ('hour', models.PositiveSmallIntegerField()),
                ('clerk', models.BigIntegerField(null=True)),
                ('orders', models.BigIntegerField(default=0)),
                ('sales', models.BigIntegerField(default=0)),
                ('sales_tax', models.BigIntegerField(default=0)),
                ('discount', models.BigIntegerField(default=0)),
                ('return_count', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
                ('returns_tax', models.BigIntegerField(default=0)),
            ],
            options={
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['day'], name='day_total_by_day')],
            },
        ),
        migrations.CreateModel(
            name='DayReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=12)),
                ('reason', models.CharField(max_length=200)),
                ('return_count', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
            ],
            options={
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['day'], name='day_return_by_day')],
            },
        ),
        migrations.CreateModel(
            name='DayTax',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('code', models.CharField(max_length=20, null=True)),
                ('percent', models.DecimalField(decimal_places=3, max_digits=6)),
                ('quantity', models.BigIntegerField(default=0)),
                ('cost', models.BigIntegerField(default=0)),
                ('costed_net', models.BigIntegerField(default=0)),
                ('sales', models.BigIntegerField(default=0)),
                ('sales_net', models.BigIntegerField(default=0)),
                ('sales_tax', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
                ('returns_net', models.BigIntegerField(default=0)),
                ('returns_tax', models.BigIntegerField(default=0)),
            ],
            options={
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['day'], name='day_tax_by_day')],
            },
        ),
        migrations.CreateModel(
            name='DayMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('method', models.CharField(max_length=10)),
                ('register', models.BigIntegerField(null=True)),
                ('payments', models.BigIntegerField(default=0)),
                ('paid', models.BigIntegerField(default=0)),
                ('refunds', models.BigIntegerField(default=0)),
                ('refunded', models.BigIntegerField(default=0)),
                ('rounding', models.BigIntegerField(default=0)),
            ],
            options={
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['day'], name='day_method_by_day')],
            },
        ),
        migrations.CreateModel(
            name='DayProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('product', models.BigIntegerField()),
                ('quantity', models.BigIntegerField(default=0)),
                ('sales', models.BigIntegerField(default=0)),
                ('sales_net', models.BigIntegerField(default=0)),
                ('discount', models.BigIntegerField(default=0)),
                ('returned_quantity', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
                ('returns_net', models.BigIntegerField(default=0)),
                ('cost', models.BigIntegerField(default=0)),
                ('costed_net', models.BigIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('day', 'product'), name='day_product_once')],
            },
        ),
        migrations.CreateModel(
            name='MonthProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('product', models.BigIntegerField()),
                ('quantity', models.BigIntegerField(default=0)),
                ('sales', models.BigIntegerField(default=0)),
                ('sales_net', models.BigIntegerField(default=0)),
                ('discount', models.BigIntegerField(default=0)),
                ('returned_quantity', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
                ('returns_net', models.BigIntegerField(default=0)),
                ('cost', models.BigIntegerField(default=0)),
                ('costed_net', models.BigIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('day', 'product'), name='month_product_once')],
                'indexes': [
                    models.Index(fields=['day', 'product', 'quantity'], name='month_product_sold'),
                    models.Index(models.F('day'), NET.desc(), models.F('product'), name='month_product_by_net'),
                    models.Index(models.F('day'), MARGIN.desc(), models.F('product'), name='month_product_by_margin'),
                ],
            },
        ),
        migrations.CreateModel(
            name='YearProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('product', models.BigIntegerField()),
                ('quantity', models.BigIntegerField(default=0)),
                ('sales', models.BigIntegerField(default=0)),
                ('sales_net', models.BigIntegerField(default=0)),
                ('discount', models.BigIntegerField(default=0)),
                ('returned_quantity', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
                ('returns_net', models.BigIntegerField(default=0)),
                ('cost', models.BigIntegerField(default=0)),
                ('costed_net', models.BigIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('day', 'product'), name='year_product_once')],
                'indexes': [
                    models.Index(fields=['day', 'product', 'quantity'], name='year_product_sold'),
                    models.Index(models.F('day'), NET.desc(), models.F('product'), name='year_product_by_net'),
                    models.Index(models.F('day'), MARGIN.desc(), models.F('product'), name='year_product_by_margin'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DayCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('customer', models.BigIntegerField()),
                ('orders', models.BigIntegerField(default=0)),
                ('sales', models.BigIntegerField(default=0)),
                ('return_count', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('day', 'customer'), name='day_customer_once')],
            },
        ),
        migrations.CreateModel(
            name='MonthCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('customer', models.BigIntegerField()),
                ('orders', models.BigIntegerField(default=0)),
                ('sales', models.BigIntegerField(default=0)),
                ('return_count', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('day', 'customer'), name='month_customer_once')],
                'indexes': [
                    models.Index(models.F('day'), NET.desc(), models.F('customer'), name='month_customer_by_net'),
                ],
            },
        ),
        migrations.CreateModel(
            name='YearCustomer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('customer', models.BigIntegerField()),
                ('orders', models.BigIntegerField(default=0)),
                ('sales', models.BigIntegerField(default=0)),
                ('return_count', models.BigIntegerField(default=0)),
                ('returns', models.BigIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('day', 'customer'), name='year_customer_once')],
                'indexes': [
                    models.Index(models.F('day'), NET.desc(), models.F('customer'), name='year_customer_by_net'),
                ],
            },
        ),
    ]

