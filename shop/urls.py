"""URLs: pages under plural nouns, the JSON API under the tutorial's singular ones."""

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
