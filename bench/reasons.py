"""The known reasons why bars are not reached; RESULTS.md prints them beside the bars."""

#: By the beginning of a bar's name.
REASONS = {
    "POST /order/, 1 line": (
        "an order of ours is a statement more than the tutorial's (8 for 7: products whose stock is counted "
        "are looked for and locked by one of their own), and each does more: the token's owner and rights, "
        "a timeline entry, seven foreign keys instead of three, seven index entries for an order that "
        "the lists need, and checks of every field. The CPU columns show it: about twice the work "
        "for one line. What is left to take away is Django's ORM itself."
    ),
    "POST /order/, 5 lines": (
        "as with one line: the fixed part of an order of ours eats up what its lines save."
    ),
    "POST /order/, 20 lines, for one of the tutorial's": (
        "each further line costs ours about a sixth of what it costs the tutorial's app, on top of the "
        "fixed part. With the database 2 ms away the round trips decide."
    ),
    "POST /order/, 20 lines, 2 ms away": (
        "an order of ours is priced and taxed, and each line stores what it was sold for: a statement "
        "more than on 2026-11-23, when it was 4.78×."
    ),
    "POST /order/, 50 lines": ("as with 20 lines."),
    "POST /order/, 20 lines, for one of bare psycopg2's": (
        "HTTP, parsing, checks and Python objects for 20 products and lines take three times what the "
        "statements do."
    ),
    "add a line": (
        "half of it is Django writing and reading the eight statements, a fifth the database's work, and a "
        "sixth drawing: only the line that changed and the total are drawn. Sent to one process without a "
        "server before it, in quiet and busy moments, it took 6.6 to 10.6 ms at p95."
    ),
    "lists filtered": (
        "the page is fuller, not the search slower: with 1,000 orders a day or a customer has a few rows, "
        "with 1,000,000 the page is full. The statements take 1 to 5 ms, the 50 rows about 15."
    ),
    "import on SQLite": (
        "each line has 18 columns that Django checks and writes, 10 more than before money. On one machine "
        "all files took 9.5 s before and 12.6 s after; the bar was met by a machine more than twice as quick."
    ),
    "search as you type": (
        "within the noise of the bar: two searches of 40, both of three common words, took 51 and 56 ms; the "
        "slower one 40 in the run before."
    ),
    "the distance itself": ("the proxy waits 2 ms; the rest is its own work, on a busy machine."),
    "home": (
        "with 1,000 orders the page has three orders of the day and few products that run low; with "
        "1,000,000 it is full, the day's sales are added up from 2,700 orders and the open balances from "
        "33,200, which takes 20 ms. Half of it is Django writing nine statements and drawing the page."
    ),
}


def reason(what: str) -> str:
    """Returns why the bar `what` is not reached; empty when nobody knows."""
    return next((why for begin, why in REASONS.items() if what.startswith(begin)), "")
