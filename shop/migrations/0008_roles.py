"""Makes the three roles (clerk, manager, admin), and the first registers."""

from django.db import migrations

CLERK = {
    "customer": ["view_customer", "add_customer", "change_customer", "delete_customer"],
    "product": ["view_product"],
    "order": ["view_order", "add_order", "change_order", "place_order"],
    "stockmovement": ["view_stockmovement"],
    "payment": ["view_payment", "add_payment", "refund_payment", "reverse_payment"],
    "return": ["view_return", "add_return"],
    "document": ["view_document", "add_document"],
    "tillsession": ["view_tillsession", "operate_till"],
}
MANAGER = {
    "product": ["add_product", "change_product", "delete_product"],
    "order": ["cancel_fulfilled_order", "exceed_discount_limit", "view_money_audit", "view_reports"],
    "stockmovement": ["add_stockmovement"],
    "savedview": ["share_savedview"],
    "payment": ["exceed_refund_limit"],
    "tillsession": ["view_expected_cash"],
    "register": ["view_register", "add_register", "change_register"],
}
#: Percent that the members of a role may take off a line or an order, and the most cash that they may give
#: back for an order; None for any amount.
LIMITS = {
    "clerk": {"discount_percent": 10, "cash_refund": 200},
    "manager": {"discount_percent": 100, "cash_refund": None},
    "admin": {"discount_percent": 100, "cash_refund": None},
}
#: Of Django's own models. Admins see which role may do what; the roles' rights are ours.
ADMIN = {"group": ["view_group"]}


def permissions(apps, wanted, app="shop"):
    """The permissions by name; they are made here, since Django makes its own only after migrating."""
    content_type, permission = (
        apps.get_model("contenttypes", "ContentType"),
        apps.get_model("auth", "Permission"),
    )
    for model, codenames in wanted.items():
        kind, _ = content_type.objects.get_or_create(app_label=app, model=model)
        named = dict(apps.get_model(app, model)._meta.permissions)
        for codename in codenames:
            name = (
                named.get(codename)
                or f"Can {codename.replace('_', ' ')}".replace(
                    model, str(apps.get_model(app, model)._meta.verbose_name)
                )
            )
            yield permission.objects.get_or_create(
                content_type=kind, codename=codename, defaults={"name": name}
            )[0]


def every_permission(apps):
    """All that Django will make for the models of shop."""
    models = [model for model in apps.get_app_config("shop").get_models() if not model._meta.auto_created]
    return {
        model._meta.model_name: [
            *(f"{action}_{model._meta.model_name}" for action in model._meta.default_permissions),
            *dict(model._meta.permissions),
        ]
        for model in models
    }


def make_roles(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    clerk = list(permissions(apps, CLERK))
    manager = list(permissions(apps, MANAGER))
    admin = [*permissions(apps, every_permission(apps)), *permissions(apps, ADMIN, app="auth")]
    for name, granted in (("clerk", clerk), ("manager", clerk + manager), ("admin", admin)):
        role, _ = group.objects.get_or_create(name=name)
        role.permissions.add(*granted)
        apps.get_model("shop", "RoleLimit").objects.get_or_create(
            role=role, defaults=LIMITS[name]
        )


def make_registers(apps, schema_editor):
    register = apps.get_model("shop", "Register").objects
    register.get_or_create(prefix="T1", defaults={"name": "Till 1"})
    register.get_or_create(prefix="API", defaults={"name": "JSON API", "purpose": "api"})


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0007_reports"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(make_registers, migrations.RunPython.noop),
    ]
