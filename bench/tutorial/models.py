"""The tutorial's three tables, and the fourth that a ManyToManyField brings along."""

from django.db import models


class Customers(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=250)

    def __str__(self) -> str:
        return self.name


class Products(models.Model):
    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=250)
    price = models.DecimalField(max_digits=18, decimal_places=2)

    def __str__(self) -> str:
        return self.name


class Orders(models.Model):
    id = models.AutoField(primary_key=True)
    subtotal = models.DecimalField(max_digits=18, decimal_places=2)
    customer = models.ForeignKey(Customers, on_delete=models.SET_NULL, null=True)
    product = models.ManyToManyField(Products)

    def __str__(self) -> str:
        return str(self.pk)
