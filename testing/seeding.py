"""Rows for one test, under names that no other test uses, and the process that makes them."""

import itertools
import json
import random
import string
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Self

from testing.servers import Server

MODULE = "testing.seeder"
_numbers = itertools.count(1001)


def unique_word() -> str:
    """Returns a word that nothing else is called; names in tests use no other words with a z in front."""
    return "z" + "".join(random.choices(string.ascii_lowercase, k=6))


def phone() -> str:
    """Returns a phone number whose last four digits are nobody else's."""
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


class Seeder:
    """Asks the seeding process, which has a server's environment, for what a test needs."""

    def __init__(self, server: Server, module: str = MODULE) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=server.tree,
            env=server.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate(timeout=10)

    def call(self, name: str, /, **arguments: Any) -> Any:
        """Calls a function of `testing.seeder` and returns what it returned. Raises RuntimeError."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([name, arguments]), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the seeding process has ended"}
        if isinstance(answer, dict) and answer.keys() == {"error"}:
            raise RuntimeError(f"{name}: {answer['error']}")
        return answer

    def make_staff(self, *names: str, password: str, group: str = "") -> dict[str, str]:
        """Makes accounts in a group, or in groups of their own names; returns each one's API token."""
        tokens: dict[str, str] = self.call("staff", names=names, password=password, group=group)
        return tokens

    def make_product(
        self,
        name: str = "",
        *,
        price: str = "10.00",
        sku: str = "",
        stock: int | None = None,
        barcode: str | None = None,
    ) -> Product:
        """Makes a product; stock None is not tracked."""
        name = name or f"Lamp {unique_word()}"
        sku = sku or unique_word().upper()
        pk = self.call("product", name=name, sku=sku, price=price, stock=stock, barcode=barcode)
        return Product(pk, name, sku, price)

    def make_customer(self, name: str = "", number: str = "") -> Customer:
        name = name or f"Ada {unique_word()}"
        number = number or phone()
        return Customer(self.call("customer", name=name, phone=number), name, number)

    def make_order(
        self, *items: tuple[Product, int], customer: Customer | None = None, clerk: str = "clerk"
    ) -> str:
        """Makes a placed order; returns its reference."""
        pairs = [(product.id, quantity) for product, quantity in items]
        return str(self.call("order", items=pairs, customer=customer and customer.id, clerk=clerk))

    def make_view(self, noun: str, name: str, query: str = "sort=name") -> None:
        """Makes a view of a list for everybody; the same name is the same view."""
        self.call("view", noun=noun, name=name, query=query)

    def set_price(self, product: Product, price: str) -> None:
        self.call("set_price", product=product.id, price=price)

    def set_stock(self, product: Product, left: int) -> None:
        self.call("set_stock", product=product.id, left=left)
