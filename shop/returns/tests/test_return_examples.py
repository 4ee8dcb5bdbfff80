"""What returned units give back: the worked examples of docs/MONEY.md, in both price modes."""

from decimal import Decimal

import pytest

from shop.models import Order
from shop.returns.tests.steps import check_order, figures, get_lines, give_back, sell

pytestmark = pytest.mark.django_db

INCLUDING, NET = True, False
E4 = ["10 × 23.90 @ 20 -25%"]
E8 = ["3 × 33.33 @ 19 -10%", "1 × 50.00 @ 7"]
E14 = ["10 × 82.50 @ - -15%"]
E3 = ["2 × 19.99 @ 19", "3 × 3.49 @ 7", "1 × 12.50 @ 19"]
#: Price mode, lines, order discount, units of the first line that come back each time, and what they give.
EXAMPLES = [
    pytest.param(INCLUDING, E3, "10.00", [1, 1], ["16.82 14.13 2.69", "16.81 14.13 2.68"], id="E3"),
    pytest.param(NET, E3, "10.00", [2], ["40.02 33.63 6.39"], id="E3 net"),
    pytest.param(
        INCLUDING,
        E4,
        "",
        [3, 3, 4],
        ["53.78 44.82 8.96", "53.77 44.80 8.97", "71.70 59.75 11.95"],
        id="E4",
    ),
    pytest.param(
        NET,
        E4,
        "",
        [3, 3, 4],
        ["64.53 53.77 10.76", "64.53 53.78 10.75", "86.04 71.70 14.34"],
        id="E4 net",
    ),
    pytest.param(INCLUDING, E4, "", [10], ["179.25 149.37 29.88"], id="E4 at once"),
    pytest.param(INCLUDING, E8, "5.00", [2, 1], ["57.85 48.61 9.24", "28.93 24.31 4.62"], id="E8"),
    pytest.param(NET, E8, "5.00", [2, 1], ["68.85 57.86 10.99", "34.42 28.92 5.50"], id="E8 net"),
    pytest.param(INCLUDING, ["3 × 3.33 @ -"], "", [1, 1, 1], ["3.33 3.33 0.00"] * 3, id="E11"),
    pytest.param(INCLUDING, E14, "", [10], ["701.25 701.25 0.00"], id="E14"),
    pytest.param(NET, E14, "", [3, 7], ["210.38 210.38 0.00", "490.87 490.87 0.00"], id="E14 net"),
    pytest.param(INCLUDING, ["1 × 19.99 @ - -25%"], "", [1], ["14.99 14.99 0.00"], id="E14 saleor"),
]


@pytest.mark.parametrize(("mode", "lines", "discount", "split", "given_back"), EXAMPLES)
def test_units_give_back_their_part(mode, lines, discount, split, given_back, settings) -> None:
    settings.SHOP_PRICES_INCLUDE_TAX = mode
    order = sell(*lines, discount=discount)
    first = get_lines(order)[0]

    made = [give_back(order, {first: units}) for units in split]

    assert [figures(entry) for entry in made] == given_back
    after = Order.objects.get(pk=order.pk)
    assert after.returned == sum(Decimal(text.split()[0]) for text in given_back)
    assert after.balance == order.total - after.returned
    check_order(order)


def test_e6_one_of_three_for_two_gives_its_share(settings) -> None:
    """The free unit's price is shared by all three, so none of them is "the free one"."""
    for line, figure in enumerate(["7.14", "7.15", "5.71"]):
        order = sell("1 × 10.00 @ 19", "1 × 10.00 @ 19", "1 × 7.99 @ 7", discount="7.99")
        assert figures(give_back(order, {get_lines(order)[line]: 1})).split()[0] == figure
        check_order(order)


def test_e8_leaves_what_is_to_pay(settings) -> None:
    order = sell(*E8, discount="5.00")
    Order.objects.filter(pk=order.pk).update(paid=Decimal("60.00"), balance=Decimal("74.99"))
    first = get_lines(order)[0]

    give_back(order, {first: 2})
    assert Order.objects.get(pk=order.pk).balance == Decimal("17.14")
    give_back(order, {first: 1})
    assert Order.objects.get(pk=order.pk).balance == Decimal("-11.79")
