"""Forms of orders in the admin."""

from django import forms

from shop.money.amounts import MAX_AMOUNT, MAX_QUANTITY
from shop.orders.models import Order, OrderLine
from shop.web.admin_forms import AdminForm


class NoteForm(AdminForm):
    """All of an order that is edited by hand."""

    class Meta:
        model = Order
        fields = ("note",)


class CorrectionForm(AdminForm):
    """Mends one line of a placed order."""

    quantity = forms.IntegerField(min_value=1, max_value=MAX_QUANTITY)
    unit_price = forms.DecimalField(min_value=0, max_value=MAX_AMOUNT, max_digits=18, decimal_places=2)
    reason = forms.CharField(max_length=200, help_text="Goes to the order's timeline, with your name.")

    class Meta:
        model = OrderLine
        fields = ("quantity", "unit_price")
