from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    # CockroachDB changes its schema outside transactions.
    atomic = False

    dependencies = [
        ('shop', '0014_phone_terms'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='order',
            index=models.Index(Coalesce('placed_by', 'created_by'), 'dated_at', 'id', name='order_by_clerk'),
        ),
    ]
