"""The pages of documents: the list, one on paper, and what issues them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.db.errors import InvalidValue
from shop.documents import services as documents
from shop.documents.filters import DocumentFilter
from shop.documents.forms import InvoiceForm, WithdrawalForm
from shop.documents.models import Document
from shop.documents.withdrawing import withdraw_invoice
from shop.orders.models import Order
from shop.till.views.choices import get_register_id
from shop.web.lists import Listing, Sort, render_list
from shop.web.requests import StaffRequest, get_form_data, require_permission, see_other

LISTING = Listing(
    "document",
    "documents/list.html",
    DocumentFilter,
    {
        "newest": Sort("Newest", ("-issued_at", "-id")),
        "oldest": Sort("Oldest", ("issued_at", "id")),
    },
)
#: How wide the paper is; the first one is for kinds that are not in `ROLLS`.
PAPERS = {"a4": "A4", "roll": "80 mm"}
ROLLS = (Document.Kind.RECEIPT, Document.Kind.SLIP, Document.Kind.Z_REPORT)


@require_safe
@require_permission("view_document")
def document_list(request: StaffRequest) -> HttpResponse:
    return render_list(request, LISTING, Document.objects.for_list())


@require_safe
@require_permission("view_document")
def document_detail(request: StaffRequest, number: str) -> HttpResponse:
    """Renders a document on paper, from its body alone. The query string chooses how wide the paper is."""
    document = get_object_or_404(Document.objects.select_related("order"), number=number)
    paper = request.GET.get("paper", "")
    if paper not in PAPERS:
        paper = "roll" if document.kind in ROLLS else "a4"
    context = {"document": document, "body": document.body, "paper": paper, "papers": PAPERS.items()}
    return render(request, "documents/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("add_document")
def order_invoice(request: StaffRequest, reference: str) -> HttpResponse:
    """Asks whom the invoice is for, and issues it. An order that has one already answers with it."""
    order = get_object_or_404(Order.objects.for_list(), reference=reference)
    if not order.placed_at:
        return see_other(order)
    customer = order.customer
    known = {"name": customer.name, "address": customer.address} if customer else {}
    form = InvoiceForm(get_form_data(request), initial=known)
    if form.is_valid():
        try:
            invoice = documents.issue_invoice(
                reference=reference,
                register_id=get_register_id(request),
                staff_id=request.user.pk,
                **form.cleaned_data,
            )
        except InvalidValue as refusal:
            form.add_refusal(refusal)
        else:
            _warn_if_for_another(request, invoice, form.cleaned_data)
            return see_other(invoice)
    status = 422 if form.errors else 200
    return render(request, "documents/invoice.html", {"order": order, "form": form}, status=status)


def _warn_if_for_another(request: StaffRequest, invoice: Document, asked: dict[str, str]) -> None:
    """Warns if the invoice, which was issued before, is not for the name and the address that were typed."""
    customer = invoice.body["customer"]
    if any(customer[name].splitlines() != asked[name].splitlines() for name in ("name", "address")):
        messages.warning(
            request,
            f"{invoice.number} is already issued for {customer['name']}. "
            "Withdraw it first, then issue a new one.",
        )


@require_POST
@require_permission("add_document")
def order_receipt(request: StaffRequest, reference: str) -> HttpResponse:
    """Issues the receipt of an order that was placed and paid in steps."""
    receipt = documents.issue_order_receipt(
        reference=reference, register_id=get_register_id(request), staff_id=request.user.pk
    )
    return see_other(receipt)


@require_POST
@require_permission("add_document")
def credit_note_issue(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    note = documents.issue_credit_note(
        reference=reference,
        return_id=pk,
        register_id=get_register_id(request),
        staff_id=request.user.pk,
    )
    messages.success(request, f"Credit note {note.number} was issued.")
    return see_other(note)


@require_POST
@require_permission("add_document")
def slip_issue(request: StaffRequest, reference: str, pk: int) -> HttpResponse:
    slip = documents.issue_payment_slip(
        reference=reference,
        payment_id=pk,
        register_id=get_register_id(request),
        staff_id=request.user.pk,
    )
    return see_other(slip)


@require_http_methods(["GET", "HEAD", "POST"])
@require_permission("add_document")
def document_withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """Asks why an invoice is wrong, and issues the credit note that withdraws it."""
    invoice = get_object_or_404(Document.objects.select_related("order"), number=number)
    if invoice.kind != Document.Kind.INVOICE:
        return see_other(invoice)
    form = WithdrawalForm(get_form_data(request))
    if form.is_valid():
        note = withdraw_invoice(
            number=number,
            reason=form.cleaned_data["reason"],
            register_id=get_register_id(request),
            staff_id=request.user.pk,
        )
        messages.success(request, f"{number} is withdrawn by {note.number}. The order can get a new invoice.")
        return see_other(note)
    status = 422 if form.errors else 200
    return render(request, "documents/withdraw.html", {"invoice": invoice, "form": form}, status=status)
