"""The forms of a page, as a browser would send them, and then not quite."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random

from e2e.attack.fuzz import values

#: Buttons and fields that a form of the admin may have and a page does not show.
MORE_FIELDS = [
    *(
        "_save",
        "_continue",
        "_addanother",
        "_popup",
        "_to_field",
        "_saveasnew",
        "action",
        "index",
        "select_across",
    ),
    *(
        "_selected_action",
        "post",
        "key",
        "seen",
        "version",
        "order",
        "line",
        "quantity",
        "q",
        "customer",
        "product",
    ),
    *("groups", "permissions", "user_permissions", "user", "is_superuser", "password1", "password2", "next"),
]


@dataclass
class Form:
    """Where it is sent, how, and its fields in their order."""

    action: str = ""
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)


class FormParser(HTMLParser):
    """The forms and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag == "a" and given.get("href", "").startswith(("/", "?")):
            self.links.append(given["href"])
        elif self.forms:
            self._add_field(tag, given)

    def _add_field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given:
                form.fields.append((self._select, given.get("value", "")))
        elif tag in ("input", "textarea", "button") and name:
            form.choices.setdefault(name, []).append(given.get("value", ""))
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                form.fields.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def fill(form: Form, random: Random) -> list[tuple[str, str]]:
    """What is sent: mostly the form as it is, with a few fields changed, doubled, left out or added."""
    sent = list(form.fields)
    for name in random.sample(list(form.choices), min(len(form.choices), random.randrange(4))):
        # A box that is ticked, another option, another button.
        sent.append((name, random.choice(form.choices[name])))
    for _ in range(random.choice([0, 1, 1, 2, 3])):
        name = random.choice([*form.choices, random.choice(MORE_FIELDS)])
        kind = random.random()
        if kind < 0.7:
            sent = [(other, value) for other, value in sent if other != name]
        if kind < 0.9:
            sent.append((name, values.text(random)))
    return sent
