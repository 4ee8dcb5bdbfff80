"""The clients of shop: clerks and programs. Each writes every answer into the journal at once."""

import json
import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from e2e.faults.journal import Journal
from testing.browser_client import Browser, read_form, read_location
from testing.http_client import Answer, HttpClient, NoAnswer, Tally

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Product:
    """A product that the seeder made."""

    id: int
    price: Decimal
    sku: str = ""


#: What a client wants: so many of each.
Basket = dict[Product, int]


def basket_total(basket: Basket) -> str:
    return f"{sum((product.price * quantity for product, quantity in basket.items()), Decimal(0)):.2f}"


def describe_basket(basket: Basket) -> dict[str, Any]:
    """Returns a basket as the journal keeps it."""
    lines = {str(product.id): quantity for product, quantity in basket.items()}
    return {"lines": lines, "total": basket_total(basket)}


class Clerk:
    """Takes orders in a browser, adjusts stock, cancels."""

    def __init__(self, port: int, tally: Tally, journal: Journal, name: str) -> None:
        self.tally, self.journal, self.name = tally, journal, name
        self.browser = Browser(port, tally)

    def sign_in(self) -> "Clerk":
        self.browser.sign_in(self.name, PASSWORD)
        return self

    def order(self, basket: Basket) -> str:
        """Makes and places a draft. Returns its reference, empty if placing was refused."""
        path = self.draft(basket)
        return self.place(path, basket)

    def draft(self, basket: Basket) -> str:
        """Makes a draft with all its lines. Returns its address."""
        page = self.browser.get("/").text
        path = read_location(self.browser.post("/orders/new/", read_form(page, "/orders/new/")))
        for product, quantity in basket.items():
            fields = read_form(self.browser.get(path).text, f"{path}lines/")
            fields |= {"text": "", "product": str(product.id), "quantity": str(quantity)}
            read_location(self.browser.post(f"{path}lines/", fields))
        return path

    def place(self, path: str, basket: Basket) -> str:
        reference = path.strip("/").split("/")[-1]
        about = {"path": "desk", "reference": reference, **describe_basket(basket)}
        review = self.browser.get(f"{path}review/").text
        try:
            fields = read_form(review, f"{path}sell/")
        except LookupError:  # the page says what is sold out and has no button to place it
            return self._note_answer(about, Answer(409, None, review))  # type: ignore[arg-type]
        self.journal.write("order", "asked", **about)
        try:
            answer = self.browser.post(f"{path}sell/", fields)
        except NoAnswer as error:
            self.journal.write("order", "unknown", why=str(error)[:200], **about)
            return ""
        return self._note_answer(about, answer)

    def _note_answer(self, about: dict[str, Any], answer: Answer) -> str:
        if answer.status == 303:
            self.journal.write("order", "done", **about)
            self.tally.count_done()
            return str(about["reference"])
        self.journal.write("order", "refused", status=answer.status, why=read_refusal(answer), **about)
        return ""

    def adjust(self, product: Product, quantity: int) -> bool:
        """Changes stock by the form on the product's page; a negative `quantity` lowers it."""
        path = f"/products/{product.id}/stock/"
        fields = read_form(self.browser.get(path).text, "")
        fields |= {"quantity": str(quantity), "reason": "received" if quantity > 0 else "damaged", "note": ""}
        about = {"key": fields["key"], "product": product.id, "quantity": quantity}
        self.journal.write("stock", "asked", **about)
        try:
            answer = self.browser.post(path, fields)
        except NoAnswer:
            self.journal.write("stock", "unknown", **about)
            return False
        self.journal.write("stock", "done" if answer.status == 303 else "refused", **about)
        return answer.status == 303

    def cancel(self, reference: str) -> bool:
        path = f"/orders/{reference}/"
        try:
            fields = read_form(self.browser.get(path).text, f"{path}cancel/")
        except LookupError:  # somebody else cancelled it
            return False
        self.journal.write("cancel", "asked", reference=reference)
        try:
            answer = self.browser.post(f"{path}cancel/", fields)
        except NoAnswer:
            self.journal.write("cancel", "unknown", reference=reference)
            return False
        self.journal.write("cancel", "done" if answer.status == 303 else "refused", reference=reference)
        return answer.status == 303


class Program:
    """A client of the JSON API."""

    def __init__(self, port: int, tally: Tally, journal: Journal, token: str) -> None:
        self.client = HttpClient(port, tally)
        self.tally, self.journal, self.token = tally, journal, token

    def order(self, basket: Basket, key: str = "") -> dict[str, Any]:
        """Sends an order with the same key until it is answered. Returns the order, empty if refused."""
        about = self.note_request(basket, key)
        try:
            answer = self.post("/order/", make_payload(basket), about["key"])
        except NoAnswer as error:
            self.journal.write("order", "unknown", why=str(error)[:200], **about)
            return {}
        return self.note_answer(about, answer)

    def note_request(self, basket: Basket, key: str = "") -> dict[str, Any]:
        about = {"path": "api", "key": key or secrets.token_urlsafe(12), **describe_basket(basket)}
        self.journal.write("order", "asked", **about)
        return about

    def note_answer(self, about: dict[str, Any], answer: Answer) -> dict[str, Any]:
        """Writes the answer to an order into the journal. Returns the order, empty if refused."""
        if answer.status != 200:
            self.journal.write("order", "refused", status=answer.status, why=read_refusal(answer), **about)
            return {}
        order: dict[str, Any] = json.loads(answer.text)
        assert order["subtotal"] == about["total"], f"{order} is not {about}"
        self.journal.write("order", "done", reference=order["reference"], id=order["id"], **about)
        self.tally.count_done()
        return order

    def make_product(self, name: str, price: str, stock: int) -> Product:
        body = {"name": name, "price": price, "stock": stock}
        answer = self.post("/product/", body, secrets.token_urlsafe(12))
        assert answer.status == 200, answer.text
        return Product(json.loads(answer.text)["id"], Decimal(price))

    def post(self, path: str, body: dict[str, Any], key: str, limit: float = 60) -> Answer:
        return self.client.send_until_answered(
            "POST", path, json.dumps(body), lambda: self.headers(key), limit
        )

    def post_once(self, path: str, body: dict[str, Any], key: str) -> Answer:
        return self.client.send("POST", path, json.dumps(body), self.headers(key))

    def headers(self, key: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }


def make_payload(basket: Basket) -> dict[str, Any]:
    """Returns the JSON of an order, as POST /order/ takes it."""
    products = [{"id": product.id, "quantity": quantity} for product, quantity in basket.items()]
    return {"products": products, "subtotal": basket_total(basket)}


def read_refusal(answer: Answer) -> str:
    """Returns the words of a refusal."""
    if answer.text.startswith("{"):
        return str(json.loads(answer.text)["detail"])
    for words in ("sold out", "only ", "Nothing was placed"):
        if words in answer.text:
            return words
    return answer.text[:200]
