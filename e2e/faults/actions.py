"""The four writes that every fault is tried on, each ready to be sent by one POST."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from e2e.faults.bench import Bench
from e2e.faults.clients import lines, payload, total
from e2e.faults.pages import form
from e2e.faults.talk import Answer


@dataclass
class Action:
    """`send` may be called again and again: it is the same request. `hear` notes what the last one said."""

    name: str
    send: Callable[[], Answer]
    hear: Callable[[Answer], None]
    #: Where its effect can be seen while it is written.
    table: str = "shop_orderevent"


def placing(bench: Bench) -> Action:
    """A clerk places a draft in a browser."""
    clerk = bench.clerk()
    basket = bench.basket(bench.hot)
    path = clerk.draft(basket)
    fields = form(clerk.browser.get(f"{path}review/").text, f"{path}place/")
    reference = path.strip("/").split("/")[-1]
    about = {"path": "desk", "reference": reference, "lines": lines(basket), "total": total(basket)}
    bench.journal.write("order", "asked", **about)

    def hear(answer: Answer) -> None:
        bench.journal.write("order", "done" if answer.status == 303 else "refused", **about)

    return Action("place", lambda: clerk.browser.post_once(f"{path}place/", fields), hear)


def ordering(bench: Bench) -> Action:
    """A program orders through the API."""
    program = bench.program()
    basket = bench.basket(bench.hot)
    about = program.asks(basket)

    def hear(answer: Answer) -> None:
        program.hears(about, answer)

    return Action("api", lambda: program.post_once("/order/", payload(basket), about["key"]), hear)


def adjusting(bench: Bench) -> Action:
    """A manager enters goods that came in."""
    clerk = bench.clerk()
    thing = bench.hot[0]
    path = f"/products/{thing.id}/stock/"
    fields = form(clerk.browser.get(path).text, "") | {"quantity": "7", "reason": "received", "note": ""}
    about = {"key": fields["key"], "product": thing.id, "quantity": 7}
    bench.journal.write("stock", "asked", **about)

    def hear(answer: Answer) -> None:
        bench.journal.write("stock", "done" if answer.status == 303 else "refused", **about)

    return Action("stock", lambda: clerk.browser.post_once(path, fields), hear, "shop_stockmovement")


def cancelling(bench: Bench) -> Action:
    """A clerk cancels an order."""
    clerk = bench.clerk()
    reference = clerk.order(bench.basket(bench.hot))
    path = f"/orders/{reference}/"
    fields = form(clerk.browser.get(path).text, f"{path}cancel/")
    bench.journal.write("cancel", "asked", reference=reference)

    def hear(answer: Answer) -> None:
        bench.journal.write("cancel", "done" if answer.status == 303 else "refused", reference=reference)

    return Action("cancel", lambda: clerk.browser.post_once(f"{path}cancel/", fields), hear)


ACTIONS = {"place": placing, "api": ordering, "stock": adjusting, "cancel": cancelling}
Make = Callable[[Bench], Action]


def carry_out(action: Action, limit: float = 30) -> list[Answer]:
    """Sends it until it is done; gives every answer, the last of which is a success."""
    answers: list[Answer] = []
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        try:
            answers.append(action.send())
        except (OSError, http.client.HTTPException):
            continue
        if answers[-1].status != 503:
            break
        _is_friendly(answers[-1])
        time.sleep(0.2)
    assert answers, f"{action.name} was never answered"
    assert answers[-1].status in (200, 303), f"{action.name}: {answers[-1].status} {answers[-1].text[:800]}"
    action.hear(answers[-1])
    return answers


def _is_friendly(answer: Answer) -> None:
    """A 503 says when to come back, and what it knows: nothing was changed, or we cannot tell."""
    assert answer.headers["Retry-After"], "a 503 without Retry-After"
    detail = json.loads(answer.text)["detail"] if answer.text.startswith("{") else answer.text
    assert "Nothing was changed" in detail or "do not know yet" in detail, detail[:800]
