"""The writes that each fault is tested on. One POST carries out each of them."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from e2e.faults.clients import describe_basket, make_payload
from e2e.faults.system import System
from testing.browser_client import Browser, read_form
from testing.http_client import Answer

Send = Callable[[], Answer]


@dataclass
class Action:
    """A write, ready to be sent.

    `open_window` returns what sends the request, on a connection of its own: it is the same request however
    often it is sent. `note_answer` writes an answer down.
    """

    name: str
    open_window: Callable[[], Send]
    note_answer: Callable[[Answer], object]
    #: Where its effect can be seen while it is written.
    table: str = "shop_orderevent"

    def __post_init__(self) -> None:
        self.send = self.open_window()

    def open_twin(self) -> "Action":
        """Returns the same request from another window."""
        return replace(self)


def placing(system: System) -> Action:
    """Makes a draft. Returns the action that places it in a clerk's browser."""
    clerk = system.clerk()
    basket = system.basket(system.hot)
    path = clerk.draft(basket)
    fields = read_form(clerk.browser.get(f"{path}review/").text, f"{path}sell/")
    reference = path.strip("/").split("/")[-1]
    about = {"path": "desk", "reference": reference, **describe_basket(basket)}
    system.journal.write("order", "asked", **about)

    def note_answer(answer: Answer) -> None:
        system.journal.write("order", "done" if answer.status == 303 else "refused", **about)

    return Action("place", form_sender(clerk.browser, f"{path}sell/", fields), note_answer)


def ordering(system: System) -> Action:
    """Returns the action that orders through the API."""
    program = system.program()
    basket = system.basket(system.hot)
    about = program.note_request(basket)

    def note_answer(answer: Answer) -> None:
        program.note_answer(about, answer)

    def open_window() -> Send:
        twin = system.program()
        return lambda: twin.post_once("/order/", make_payload(basket), about["key"])

    return Action("api", open_window, note_answer)


def adjusting(system: System) -> Action:
    """Returns the action that enters received goods in a manager's browser."""
    clerk = system.clerk()
    thing = system.hot[0]
    path = f"/products/{thing.id}/stock/"
    fields = read_form(clerk.browser.get(path).text, "") | {"quantity": "7", "reason": "received", "note": ""}
    about = {"key": fields["key"], "product": thing.id, "quantity": 7}
    system.journal.write("stock", "asked", **about)

    def note_answer(answer: Answer) -> None:
        system.journal.write("stock", "done" if answer.status == 303 else "refused", **about)

    return Action("stock", form_sender(clerk.browser, path, fields), note_answer, "shop_stockmovement")


def cancelling(system: System) -> Action:
    """Takes an order. Returns the action that cancels it in a clerk's browser."""
    clerk = system.clerk()
    reference = clerk.order(system.basket(system.hot))
    path = f"/orders/{reference}/"
    fields = read_form(clerk.browser.get(path).text, f"{path}cancel/")
    system.journal.write("cancel", "asked", reference=reference)

    def note_answer(answer: Answer) -> None:
        system.journal.write("cancel", "done" if answer.status == 303 else "refused", reference=reference)

    return Action("cancel", form_sender(clerk.browser, f"{path}cancel/", fields), note_answer)


def form_sender(browser: Browser, path: str, fields: dict[str, str]) -> Callable[[], Send]:
    def open_window() -> Send:
        window = browser.open_window()
        return lambda: window.post_once(path, fields)

    return open_window


Make = Callable[[System], Action]
ACTIONS: dict[str, Make] = {"place": placing, "api": ordering, "stock": adjusting, "cancel": cancelling}


def parametrize(actions: Mapping[str, Make], *only_full: str) -> pytest.MarkDecorator:
    """Gives a test each of the actions as `make`; those of `only_full` are not in the short form."""
    return pytest.mark.parametrize(
        "make",
        [
            pytest.param(make, id=name, marks=[pytest.mark.full] if name in only_full else [])
            for name, make in actions.items()
        ],
    )


def carry_out(action: Action, limit: float = 30) -> list[Answer]:
    """Sends the action until it succeeds. Returns all answers, the successful one last."""
    answers: list[Answer] = []
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        try:
            answers.append(action.send())
        except (OSError, http.client.HTTPException):
            continue
        if answers[-1].status != 503:
            break
        _check_refusal(answers[-1])
        time.sleep(0.2)
    assert answers, f"{action.name} was never answered"
    assert answers[-1].status in (200, 303), f"{action.name}: {answers[-1].status} {answers[-1].text[:800]}"
    action.note_answer(answers[-1])
    return answers


def _check_refusal(answer: Answer) -> None:
    """Expects a 503 to have Retry-After, and to say that nothing was changed or that we do not know."""
    assert answer.headers["Retry-After"], "a 503 without Retry-After"
    detail = json.loads(answer.text)["detail"] if answer.text.startswith("{") else answer.text
    assert "Nothing was changed" in detail or "do not know yet" in detail, detail[:800]
