"""The best match for what is typed or scanned, and how few rows are looked at."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.models import Customer, Product, ProductTerm
from shop.products import services as products
from shop.search import text
from testing.factories import CustomerFactory, ProductFactory, version_of
from testing.property_tests import same_examples

pytestmark = pytest.mark.django_db


# What Enter at the desk stands for


def test_an_exact_sku_wins_over_the_names_it_begins() -> None:
    lamp = ProductFactory(name="Lamp", sku="TEA")
    ProductFactory(name="Tea pot", sku="POT")

    assert Product.objects.find_matches("TEA", 9) == [lamp]
    assert Product.objects.find_matches("tea", 9) == [lamp]


def test_a_scanned_barcode_is_its_product() -> None:
    ProductFactory(name="4006381333931 lookalike")
    lamp = ProductFactory(name="Lamp", barcode="4006381333931")

    assert Product.objects.find_matches("4006381333931", 9) == [lamp]


def test_the_sku_as_typed_goes_before_capitals_and_before_barcodes() -> None:
    by_barcode = ProductFactory(barcode="ab1")
    by_capitals = ProductFactory(sku="AB1")
    assert Product.objects.find_matches("ab1", 9) == [by_capitals]

    exact = ProductFactory(sku="ab1")
    assert Product.objects.find_matches("ab1", 9) == [exact]
    assert Product.objects.find_matches("AB1", 9) == [by_capitals]
    assert by_barcode != exact


def test_words_offer_active_products_only_in_the_order_of_their_names() -> None:
    second, first = ProductFactory(name="Lamp B"), ProductFactory(name="Lamp A")
    ProductFactory(name="Lamp C", active=False)

    assert Product.objects.find_matches("lamp", 9) == [first, second]
    assert Product.objects.find_matches("lamp", 1) == [second]


def test_the_best_match_is_first_and_nothing_comes_twice() -> None:
    names = ["Marlow Mario", "Ann Mar", "Marian Box", "Marble Mario", "Mars"]
    for name in names:
        CustomerFactory(name=name)

    matches = [customer.name for customer in Customer.objects.best_first("mar")]

    assert matches == ["Ann Mar", "Marble Mario", "Marian Box", "Marlow Mario", "Mars"]
    assert [customer.name for customer in Customer.objects.best_first("mar b")] == ["Marian Box"]


@same_examples
@given(st.lists(st.text("ab1 ", min_size=1, max_size=8), max_size=6), st.text("ab1 ", max_size=6))
def test_the_best_matches_are_what_search_finds(names: list[str], typed: str) -> None:
    Customer.objects.all().delete()
    for name in names:
        CustomerFactory(name=f"x{name}", phone=name.replace("a", "2"))

    best = [customer.pk for customer in Customer.objects.best_first(typed)]

    assert len(best) == len(set(best))
    assert set(best) == {customer.pk for customer in Customer.objects.search(typed)}


# The bits beside each term, which tell what cannot match


def test_two_words_are_found_whatever_letters_they_begin_with() -> None:
    product = ProductFactory(name=" ".join(letter * 3 for letter in string.ascii_lowercase))

    for letter in string.ascii_lowercase:
        for typed in (f"a {letter}", f"zz {letter * 2}", f"{letter} {letter * 3}"):
            assert list(Product.objects.best_first(typed)) == [product], typed


def test_a_renamed_row_has_the_bits_of_its_new_name() -> None:
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

    assert list(Product.objects.best_first("new vase")) == [product]
    bits = set(product.terms.values_list("beginnings", flat=True))
    assert bits == {text.make_beginning_bits(["new", "vase", "b2"])}


def test_a_term_whose_bits_nobody_has_set_is_found() -> None:
    product = ProductFactory(name="Lamp")
    ProductTerm.objects.create(product=product, term=b"brass")

    assert ProductTerm.objects.get(term=b"brass").beginnings == -1
    assert list(Product.objects.best_first("brass lamp")) == [product]


def test_only_rows_filter_by_bits_the_other_words_are_looked_at() -> None:
    product = ProductFactory(name="Brass lamp")
    product.terms.update(beginnings=text.make_beginning_bits(["brass"]))

    assert list(Product.objects.best_first("brass bra")) == [product]
    assert list(Product.objects.best_first("brass lamp")) == []
