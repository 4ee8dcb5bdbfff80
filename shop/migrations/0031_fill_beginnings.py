"""Sets the bits of all terms that are there, before an index has them."""

from collections import defaultdict

from django.db import migrations, transaction
from django.db.models import BigIntegerField, Case, When

from shop import text

#: Rows whose terms are updated in one statement; SQLite takes 999 parameters a statement.
BATCH = 200


def fill_beginnings(apps, schema_editor):
    """In batches of rows, each a transaction and safe to run again."""
    for noun in ("customer", "product"):
        rows = apps.get_model("shop", noun).objects.order_by("pk").values_list("pk", flat=True)
        terms = apps.get_model("shop", f"{noun}term").objects
        last = 0
        while pks := list(rows.filter(pk__gt=last)[:BATCH]):
            last = pks[-1]
            fill(terms.filter(**{f"{noun}__in": pks}, beginnings=-1), noun)


@transaction.atomic
def fill(terms, noun):
    """The bits of these terms, each from all words of its row."""
    words = defaultdict(list)
    for pk, term in terms.values_list(noun, "term"):
        words[pk].append(bytes(term).decode())
    if words:
        bits = [When(**{noun: pk}, then=text.beginnings(found)) for pk, found in words.items()]
        terms.update(beginnings=Case(*bits, output_field=BigIntegerField()))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0030_productterm_beginnings")]

    operations = [migrations.RunPython(fill_beginnings, migrations.RunPython.noop)]
