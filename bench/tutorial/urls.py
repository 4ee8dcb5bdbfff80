"""The tutorial's addresses."""

from django.urls import path

from bench.tutorial import views

urlpatterns = [
    path("ping/", views.PingView.as_view()),
    path("customer/", views.CustomersView.as_view()),
    path("product/", views.ProductsView.as_view()),
    path("order/", views.OrdersView.as_view()),
]
