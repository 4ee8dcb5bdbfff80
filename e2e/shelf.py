"""Products, customers and orders made for one test, under names that no other test uses."""

import itertools
import json
import random
import string
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from e2e.server import ROOT, Server

_numbers = itertools.count(1001)


def token() -> str:
    """A word that nothing else is called; names in tests use no other words with a z in front."""
    return "z" + "".join(random.choices(string.ascii_lowercase, k=6))


def phone() -> str:
    """A phone number whose last four digits are nobody else's."""
    return f"+49 555 0{next(_numbers)}"


@dataclass(frozen=True)
class Product:
    id: int
    name: str
    sku: str
    price: str

    @property
    def url(self) -> str:
        return f"/products/{self.id}/"

    @property
    def label(self) -> str:
        """How lines and lists show it."""
        return f"{self.name} {self.sku}"


@dataclass(frozen=True)
class Customer:
    id: int
    name: str
    phone: str

    @property
    def url(self) -> str:
        return f"/customers/{self.id}/"


class Shelf:
    """Asks the seeding process for what a test needs."""

    def __init__(self, server: Server) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "e2e.seed"],
            cwd=ROOT,
            env=server.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate(timeout=10)

    def _call(self, call: str, **values: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"call": call, "values": values}), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        made: dict[str, Any] = answer["made"]
        return made

    def staff(self, name: str, group: str, password: str) -> None:
        self._call("staff", name=name, group=group, password=password)

    def product(
        self,
        name: str = "",
        *,
        price: str = "10.00",
        sku: str = "",
        stock: int | None = None,
        barcode: str | None = None,
    ) -> Product:
        """A product; stock None is not tracked."""
        name, sku = name or f"Lamp {token()}", sku or token().upper()
        made = self._call("product", name=name, sku=sku, price=price, stock=stock, barcode=barcode)
        return Product(made["id"], name, sku, price)

    def customer(self, name: str = "", number: str = "") -> Customer:
        name, number = name or f"Ada {token()}", number or phone()
        return Customer(self._call("customer", name=name, phone=number)["id"], name, number)

    def order(
        self, *items: tuple[Product, int], customer: Customer | None = None, clerk: str = "clerk"
    ) -> str:
        """A placed order; returns its reference."""
        pairs: Sequence[tuple[int, int]] = [(product.id, quantity) for product, quantity in items]
        made = self._call("order", items=pairs, customer=customer and customer.id, clerk=clerk)
        return str(made["reference"])

    def view(self, noun: str, name: str, query: str = "sort=name") -> None:
        """A view of a list for everybody; the same name is the same view."""
        self._call("view", noun=noun, name=name, query=query)

    def set_price(self, product: Product, price: str) -> None:
        self._call("set_price", product=product.id, price=price)

    def set_stock(self, product: Product, left: int) -> None:
        self._call("set_stock", product=product.id, left=left)
