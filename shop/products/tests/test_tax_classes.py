"""The tax class of a product: in the JSON API, on its pages and in the admin."""

from decimal import Decimal

import pytest
from django.db.models import ProtectedError
from django.test import Client

from shop.db.errors import Stale
from shop.models import Product, TaxClass, User
from shop.products.services import update_product
from shop.taxes.services import set_tax_rate
from testing.api_client import Api
from testing.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _classes(db: None) -> None:
    for code, percent in (("S", 19), ("R", 7)):
        set_tax_rate(code=code, percent=Decimal(percent), valid_from=None)


@pytest.fixture
def api(manager: User) -> Api:
    return Api(manager)


@pytest.fixture
def mug(db: None) -> Product:
    return ProductFactory(name="Mug", sku="M", tax_class=TaxClass.objects.get(pk="S"))


def get_class(product: Product) -> str | None:
    return Product.objects.get(pk=product.pk).tax_class_id


def test_json_carries_the_code(api: Api):
    product = api.post("/product/", {"name": "Mug", "price": 1, "tax_class": "S"})

    assert product["tax_class"] == "S"
    assert api.get(f"/product/{product['id']}/") == [product]
    assert api.post("/product/", {"name": "Cup", "price": 1})["tax_class"] is None
    assert api.post("/product/", {"name": "Jug", "price": 1, "tax_class": None})["tax_class"] is None


def test_put_changes_the_class_keeps_it_or_takes_it_away(api: Api, mug: Product):
    body, path = {"name": "Mug", "price": "10.00"}, f"/product/{mug.pk}/"

    assert api.put(path, body)["tax_class"] == "S"
    assert api.put(path, body | {"tax_class": "R"})["tax_class"] == get_class(mug) == "R"
    assert api.put(path, body | {"tax_class": None})["tax_class"] is None
    assert get_class(mug) is None


@pytest.mark.parametrize("code", ["X", "s", "S" * 5000, " S", "é"])
def test_an_unknown_code_is_refused(code: str, api: Api, mug: Product):
    error = api.refused(422, "POST", "/product/", {"name": "Cup", "price": 1, "tax_class": code})

    assert error["fields"] == {"tax_class": f"There is no tax class “{code}”."}
    body = {"name": "Mug", "price": 1, "tax_class": code}
    assert set(api.refused(422, "PUT", f"/product/{mug.pk}/", body)["fields"]) == {"tax_class"}
    assert (Product.objects.count(), get_class(mug)) == (1, "S")


def test_a_code_has_no_null_character(api: Api):
    error = api.refused(422, "POST", "/product/", {"name": "Cup", "price": 1, "tax_class": "S\0"})

    assert error["fields"] == {"tax_class": "Null characters are not allowed."}


@pytest.mark.parametrize("code", [1, True, ["S"], {"code": "S"}, 1.5])
def test_a_code_is_text(code: object, api: Api):
    error = api.refused(422, "POST", "/product/", {"name": "Cup", "price": 1, "tax_class": code})

    assert error["fields"] == {"tax_class": "Send text."}


def test_the_same_key_with_another_class_is_another_request(api: Api):
    body = {"name": "Mug", "price": 1, "tax_class": "S"}
    product = api.post("/product/", body, Idempotency_Key="k")

    assert api.post("/product/", body, Idempotency_Key="k") == product
    changed = body | {"tax_class": "R"}
    assert api.refused(422, "POST", "/product/", changed, Idempotency_Key="k")["error"] == (
        "idempotency_key_reused"
    )


def test_a_stale_class_is_told_by_its_code(mug: Product):
    reduced = TaxClass.objects.get(pk="R")

    with pytest.raises(Stale) as refused:
        update_product(
            product_id=mug.pk,
            seen_version=mug.version + 1,
            staff_id=None,
            name="Mug",
            unit_price=Decimal(10),
            tax_class=reduced,
        )

    assert refused.value.values() == {"differences": [{"field": "tax_class", "now": "S", "mine": "R"}]}


def test_the_form_offers_the_classes_and_the_page_shows_the_one_chosen(managers: Client, mug: Product):
    TaxClass.objects.filter(pk="R").update(name="Reduced")
    form = managers.get(f"/products/{mug.pk}/edit/")
    offered = '<option value="S" selected>S</option>', '<option value="R">Reduced (R)</option>'
    assert [option in form.content.decode() for option in offered] == [True, True]
    assert "None: no tax" in form.content.decode()

    values = {"name": "Mug", "sku": "M", "unit_price": "10.00", "barcode": "", "tax_class": "R"}
    sent = managers.post(f"/products/{mug.pk}/edit/", values | {"snapshot": form.context["snapshot"]})

    assert (sent.status_code, get_class(mug)) == (303, "R")
    assert "Reduced (R)" in managers.get(f"/products/{mug.pk}/").content.decode()


def test_a_new_product_has_the_class_that_was_chosen(managers: Client):
    managers.post("/products/new/", {"name": "Cup", "unit_price": "1", "tax_class": "S"})
    managers.post("/products/new/", {"name": "Jug", "unit_price": "1", "tax_class": ""})

    assert dict(Product.objects.values_list("name", "tax_class")) == {"Cup": "S", "Jug": None}


def test_the_admin_sets_the_class_and_shows_rates_without_changing_them(admins: Client):
    values = {"name": "Cup", "sku": "C", "unit_price": "1", "barcode": "", "stock": "", "tax_class": "S"}

    assert admins.post("/admin/shop/product/add/", values).status_code == 302
    assert get_class(Product.objects.get()) == "S"
    assert "19.000" in admins.get("/admin/shop/taxclass/S/change/").content.decode()
    for path in ("taxclass/add", "taxrate/add", "taxclass/S/delete"):
        assert admins.get(f"/admin/shop/{path}/").status_code == 403


def test_a_class_that_products_have_stays(mug: Product):
    with pytest.raises(ProtectedError):
        TaxClass.objects.get(pk="S").delete()
