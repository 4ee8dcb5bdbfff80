"""Search, as the lists, the desk and the API use it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shop.customers import services as customers
from shop.models import Customer, Product
from shop.products import services as products
from shop.search import text
from testing.factories import CustomerFactory, ProductFactory, version_of
from testing.property_tests import same_examples

pytestmark = pytest.mark.django_db


def found_products(typed: str) -> list[str]:
    return [product.name for product in Product.objects.search(typed).order_by("name_key", "id")]


def found_customers(typed: str) -> list[str]:
    return [customer.name for customer in Customer.objects.search(typed).order_by("name_key", "id")]


@pytest.fixture
def lamps() -> None:
    ProductFactory(name="White Hanging Lamp", sku="WHL-22/A", barcode="4006381333931")
    ProductFactory(name="Lampshade, crème", sku="LS-7")
    ProductFactory(name="T-Light Holder", sku="85123A")
    ProductFactory(name="O'Brien's Straße", sku="OB1")


@pytest.fixture
def people() -> None:
    CustomerFactory(name="Zoë Müller-Lüdenscheidt", phone="+49 170 1234567")
    CustomerFactory(name="Anna Muller", phone="555-0199")
    CustomerFactory(name="Bruno Zürn")


@pytest.mark.usefixtures("lamps")
@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("lamp", ["Lampshade, crème", "White Hanging Lamp"]),
        ("wh lamp", ["White Hanging Lamp"]),
        ("lamp wh", ["White Hanging Lamp"]),
        ("h l w", ["White Hanging Lamp"]),
        ("amp", []),
        ("wh shade", []),
        ("CREME", ["Lampshade, crème"]),
        ("crème lampsha", ["Lampshade, crème"]),
        ("STRASSE", ["O'Brien's Straße"]),
        ("straß", ["O'Brien's Straße"]),
        ("o'brien", ["O'Brien's Straße"]),
        ("obrien", ["O'Brien's Straße"]),
        ("brien", ["O'Brien's Straße"]),
        ("t-light", ["T-Light Holder"]),
        ("tlight", ["T-Light Holder"]),
        ("8512", ["T-Light Holder"]),
        ("85123a", ["T-Light Holder"]),
        ("whl22", ["White Hanging Lamp"]),
        ("WHL-22/A", ["White Hanging Lamp"]),
        ("40063", ["White Hanging Lamp"]),
        ("white 4006", ["White Hanging Lamp"]),
        ("33931", []),
        ("white\0lamp", ["White Hanging Lamp"]),
    ],
)
def test_every_typed_word_begins_a_word_of_name_sku_or_barcode(typed: str, names: list[str]) -> None:
    assert found_products(typed) == names


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("muller", ["Anna Muller", "Zoë Müller-Lüdenscheidt"]),
        ("müller zo", ["Zoë Müller-Lüdenscheidt"]),
        ("zo", ["Zoë Müller-Lüdenscheidt"]),
        ("4567", ["Zoë Müller-Lüdenscheidt"]),
        ("34567", ["Zoë Müller-Lüdenscheidt"]),
        ("7", ["Zoë Müller-Lüdenscheidt"]),
        ("4566", []),
        ("456", ["Zoë Müller-Lüdenscheidt"]),
        ("345", ["Zoë Müller-Lüdenscheidt"]),
        ("354", []),
        ("zoe 4567", ["Zoë Müller-Lüdenscheidt"]),
        ("anna 4567", []),
        ("0199", ["Anna Muller"]),
        ("555-0199", ["Anna Muller"]),
        ("5550199", ["Anna Muller"]),
        ("555 01 99", ["Anna Muller"]),
        ("+49 170 12345", ["Zoë Müller-Lüdenscheidt"]),
        ("170 1234567", ["Zoë Müller-Lüdenscheidt"]),
        ("123 4567", ["Zoë Müller-Lüdenscheidt"]),
    ],
)
def test_customers_are_found_by_words_and_by_their_phone_numbers_end(typed: str, names: list[str]) -> None:
    assert found_customers(typed) == names


@pytest.mark.usefixtures("lamps", "people")
@pytest.mark.parametrize("typed", ["!?", "--", "\0", "_", "\ud800", "%", "*"])
def test_pure_punctuation_finds_nothing(typed: str) -> None:
    assert found_products(typed) == []
    assert found_customers(typed) == []


@pytest.mark.usefixtures("lamps")
@pytest.mark.parametrize("typed", ["", "   ", "\t\n"])
def test_nothing_typed_shows_everything(typed: str) -> None:
    assert len(found_products(typed)) == 4


@pytest.mark.usefixtures("lamps", "people")
@pytest.mark.parametrize(
    "typed",
    ["x" * 100_000, " ".join(f"w{n}" for n in range(3000)), "q " * 3000, " ".join(map(str, range(3000)))],
)
def test_very_long_input_is_answered(typed: str) -> None:
    assert found_products(typed) == []
    assert found_customers(typed) == []


def test_a_whole_name_pasted_into_the_search_finds_it() -> None:
    name = " ".join(f"{letter}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    ProductFactory(name=name)
    CustomerFactory(name=name)

    assert found_products(name) == [name]
    assert found_customers(name) == [name]


def test_a_name_longer_than_a_term_is_found_by_all_of_it() -> None:
    ProductFactory(name="x" * 200)

    assert found_products("x" * 200) == ["x" * 200]


def test_a_renamed_product_is_found_by_its_new_name_only() -> None:
    product = ProductFactory(name="Old lamp", sku="A1")
    products.update_product(
        product_id=product.pk,
        name="New vase",
        unit_price=product.unit_price,
        sku="B2",
        barcode=None,
        staff_id=None,
        seen_version=version_of(product),
    )

    assert [found_products(typed) for typed in ("old", "lamp", "a1")] == [[], [], []]
    assert [found_products(typed) for typed in ("new", "vase", "b2")] == [["New vase"]] * 3


def test_a_customers_new_phone_number_replaces_the_old_one() -> None:
    customer = CustomerFactory(name="Ada", phone="111 2222")
    customers.update_customer(
        customer_id=customer.pk,
        name="Ada",
        phone="333 4444",
        email="",
        address="",
        note="",
        staff_id=None,
        seen_version=version_of(customer),
    )

    assert found_customers("2222") == []
    assert found_customers("4444") == ["Ada"]


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)


@same_examples
@given(NAMES, st.data())
def test_beginnings_of_a_names_words_find_it(name: str, data: st.DataObject) -> None:
    words = [word for chunk in name.split() for word in text.split_words(chunk)]
    assume(words)
    typed = data.draw(st.permutations(words))[: data.draw(st.integers(1, 3))]
    beginnings = [word[: data.draw(st.integers(1, len(word)))] for word in typed]
    product, customer = ProductFactory(name=name), CustomerFactory(name=name)

    assert product in Product.objects.search(" ".join(beginnings))
    assert customer in Customer.objects.search(" ".join(beginnings).upper())


@same_examples
@given(NAMES)
def test_a_name_as_written_finds_it_in_any_case(name: str) -> None:
    assume(text.split_words(name))
    product = ProductFactory(name=name)

    for typed in (name, name.upper(), name.lower(), name.title()):
        if text.split_words(typed):
            assert product in Product.objects.search(typed)
