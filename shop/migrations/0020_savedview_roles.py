"""Managers and admins share saved views; admins see and delete them in the admin site too."""

from django.db import migrations

ACTIONS = ["add", "change", "delete", "view"]


def grant(apps, schema_editor):
    """Makes the permissions, since Django makes its own only after migrating; safe to run again."""
    content_type, permission, group = (
        apps.get_model("contenttypes", "ContentType"),
        apps.get_model("auth", "Permission"),
        apps.get_model("auth", "Group"),
    )
    kind, _ = content_type.objects.get_or_create(app_label="shop", model="savedview")

    def named(codename, name):
        return permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )[0]

    share = named("share_savedview", "Can share saved views with everybody")
    own = [named(f"{action}_savedview", f"Can {action} saved view") for action in ACTIONS]
    for role, granted in (("manager", [share]), ("admin", [share, *own])):
        group.objects.get_or_create(name=role)[0].permissions.add(*granted)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0019_savedview")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
