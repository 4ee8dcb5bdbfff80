"""URLs: pages under plural nouns, the JSON API under the tutorial's singular ones."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path, re_path, register_converter

from shop.api.ping import PingView
from shop.api.urls import make_noun_patterns
from shop.audit import views as audit
from shop.closing import views as closing
from shop.counter.views import exchange, review
from shop.customers import views as customers
from shop.customers.api import CustomersView
from shop.documents import views as documents
from shop.home import views as home
from shop.orders.api import OrdersView
from shop.orders.quote_api import QuoteView
from shop.orders.reference import ReferenceConverter
from shop.orders.views import bulk, discounts, exports, live, printing, steps, suggestions
from shop.orders.views import pages as orders
from shop.payments import views as payments
from shop.payments.api import PaymentView, RefundView
from shop.products import views as products
from shop.products.api import ProductView
from shop.reports import views as reports
from shop.returns import views as returns
from shop.returns.api import ReturnsView
from shop.saved_views import views as saved_views
from shop.staff.views import account, sign_in
from shop.till.views import pages as till
from shop.web import error_pages, metrics, shortcuts

register_converter(ReferenceConverter, "reference")

ORDER = "orders/<reference:reference>/"
SESSION = "tills/sessions/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    # First, because programs ask most often and each pattern before theirs is tried.
    *make_noun_patterns("customer", CustomersView),
    *make_noun_patterns("product", ProductView),
    *make_noun_patterns("order", OrdersView),
    re_path(r"^order/quote/?\Z", QuoteView.as_view(), name="api-order-quote"),
    re_path(r"^order/(?P<order>[0-9]+)/payment/?\Z", PaymentView.as_view(), name="api-order-payment"),
    re_path(r"^order/(?P<order>[0-9]+)/refund/?\Z", RefundView.as_view(), name="api-order-refund"),
    re_path(r"^order/(?P<order_id>[0-9]+)/return/?\Z", ReturnsView.as_view(), name="api-order-return"),
    re_path(r"^ping/?\Z", PingView.as_view(), name="api-ping"),
    path("", home.home, name="home"),
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="sign-out"),
    path("account/", account.AccountView.as_view(), name="account"),
    path("account/tokens/<int:pk>/revoke/", account.token_revoke, name="token-revoke"),
    path("keys/", shortcuts.keys, name="keys"),
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/suggestions/", suggestions.customer_suggest, name="customer-suggest"),
    path("customers/new/", customers.customer_create, name="customer-create"),
    path("customers/<int:pk>/", customers.customer_detail, name="customer-detail"),
    path("customers/<int:pk>/edit/", customers.customer_update, name="customer-update"),
    path("customers/<int:pk>/retire/", customers.customer_retire, name="customer-retire"),
    path("customers/<int:pk>/delete/", customers.customer_delete, name="customer-delete"),
    path("products/", products.product_list, name="product-list"),
    path("products/suggestions/", suggestions.product_suggest, name="product-suggest"),
    path("products/new/", products.product_create, name="product-create"),
    path("products/<int:pk>/", products.product_detail, name="product-detail"),
    path("products/<int:pk>/edit/", products.product_update, name="product-update"),
    path("products/<int:pk>/retire/", products.product_retire, name="product-retire"),
    path("products/<int:pk>/delete/", products.product_delete, name="product-delete"),
    path("products/<int:pk>/stock/", products.product_stock, name="product-stock"),
    path("products/<int:pk>/untrack/", products.product_untrack, name="product-untrack"),
    path("orders/", orders.order_list, name="order-list"),
    path("orders/new/", orders.order_create, name="order-create"),
    path("customers/views/", saved_views.views_page, {"noun": "customer"}, name="customer-views"),
    path("products/views/", saved_views.views_page, {"noun": "product"}, name="product-views"),
    path("orders/views/", saved_views.views_page, {"noun": "order"}, name="order-views"),
    path("views/<int:pk>/rename/", saved_views.view_rename, name="view-rename"),
    path("views/<int:pk>/delete/", saved_views.view_delete, name="view-delete"),
    path("orders/bulk/", bulk.order_bulk, name="order-bulk"),
    path("orders/print/", printing.order_print_many, name="order-print-many"),
    path("orders/export/", exports.order_export, name="order-export"),
    path("orders/bulk/results/<uuid:pk>/", bulk.order_bulk_result, name="order-bulk-result"),
    path(ORDER, orders.order_detail, name="order-detail"),
    path(f"{ORDER}customer/", steps.draft_customer, name="draft-customer"),
    path(f"{ORDER}customer/new/", steps.draft_customer_create, name="draft-customer-create"),
    path(f"{ORDER}lines/", steps.line_add, name="line-add"),
    path(f"{ORDER}lines/<int:pk>/", steps.line_update, name="line-update"),
    path(f"{ORDER}lines/<int:pk>/discount/", discounts.line_discount, name="line-discount"),
    path(f"{ORDER}discount/", discounts.draft_discount, name="draft-discount"),
    path(f"{ORDER}note/", steps.draft_note, name="draft-note"),
    path(f"{ORDER}live/", live.draft_live, name="draft-live"),
    path(f"{ORDER}park/", steps.draft_park, name="draft-park"),
    path(f"{ORDER}discard/", steps.draft_discard, name="draft-discard"),
    path(f"{ORDER}reopen/", steps.draft_reopen, name="draft-reopen"),
    path(f"{ORDER}review/", review.order_review, name="order-review"),
    path(f"{ORDER}place/", review.order_place, name="order-place"),
    path(f"{ORDER}accept/", review.order_accept, name="order-accept"),
    path(f"{ORDER}sell/", review.order_sell, name="order-sell"),
    path(f"{ORDER}sold/", review.order_sold, name="order-sold"),
    path(f"{ORDER}exchange/", exchange.order_exchange, name="order-exchange"),
    path(f"{ORDER}fulfil/", orders.order_fulfil, name="order-fulfil"),
    path(f"{ORDER}cancel/", returns.order_cancel, name="order-cancel"),
    path(f"{ORDER}return/", returns.order_return, name="order-return"),
    path(f"{ORDER}allowance/", returns.order_allowance, name="order-allowance"),
    path(f"{ORDER}duplicate/", orders.order_duplicate, name="order-duplicate"),
    path(f"{ORDER}payment/", payments.order_pay, name="order-pay"),
    path(f"{ORDER}refund/", payments.order_refund, name="order-refund"),
    path(f"{ORDER}payments/<int:pk>/reverse/", payments.payment_reverse, name="payment-reverse"),
    path(f"{ORDER}print/", printing.order_print, name="order-print"),
    path("reports/", reports.report_list, name="report-list"),
    path("reports/rows/<slug:kind>/", reports.report_rows, name="report-rows"),
    path("reports/<slug:name>/", reports.report_detail, name="report-detail"),
    path("reports/<slug:name>/<slug:format>/", reports.report_download, name="report-download"),
    path(f"{ORDER}receipt/", documents.order_receipt, name="order-receipt"),
    path(f"{ORDER}invoice/", documents.order_invoice, name="order-invoice"),
    path(f"{ORDER}returns/<int:pk>/credit-note/", documents.credit_note_issue, name="credit-note-issue"),
    path(f"{ORDER}payments/<int:pk>/slip/", documents.slip_issue, name="slip-issue"),
    path("documents/", documents.document_list, name="document-list"),
    path("documents/<slug:number>/", documents.document_detail, name="document-detail"),
    path("documents/<slug:number>/withdraw/", documents.document_withdraw, name="document-withdraw"),
    path("tills/", till.till_list, name="till-list"),
    path("tills/new/", till.register_create, name="register-create"),
    path("tills/<int:pk>/", till.till_detail, name="till-detail"),
    path("tills/<int:pk>/choose/", till.till_choose, name="till-choose"),
    path("tills/<int:pk>/open/", till.till_open, name="till-open"),
    path(f"{SESSION}cash/", till.till_cash, name="till-cash"),
    path(f"{SESSION}drawer/", till.drawer_open, name="drawer-open"),
    path(f"{SESSION}close/", closing.till_close, name="till-close"),
    path(f"{SESSION}report/", closing.till_report, name="till-report"),
    path("audit/", audit.money_audit, name="money-audit"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]

handler400 = error_pages.bad_request
handler403 = error_pages.permission_denied
handler404 = error_pages.page_not_found
handler500 = error_pages.server_error
