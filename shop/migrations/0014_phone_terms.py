"""Every end of a phone number is a search term; numbers written backwards are none any more."""

from django.db import migrations

from shop import text

BATCH = 500


def rewrite_phone_terms(apps, schema_editor):
    """In batches of customers, each safe to run again."""
    customer, term = apps.get_model("shop", "Customer"), apps.get_model("shop", "CustomerTerm")
    with_phone = customer.objects.exclude(phone="").order_by("pk")
    last = 0
    while rows := list(with_phone.filter(pk__gt=last)[:BATCH]):
        last = rows[-1].pk
        term.objects.filter(customer__in=rows, term__gte=b"~", term__lt=b"~\xff").delete()
        term.objects.bulk_create(
            (
                term(customer_id=row.pk, term=word.encode())
                for row in rows
                for word in text.phone_terms(row.phone)
            ),
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0013_session")]

    operations = [migrations.RunPython(rewrite_phone_terms, migrations.RunPython.noop)]
