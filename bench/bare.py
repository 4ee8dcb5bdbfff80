"""The limit: psycopg2 alone sending the statements that ours sends, without HTTP, Django or Python objects.

The statements are recorded on the wire while ours places real orders. What has to be new in every order
(reference, idempotency key, the order's id) is put in anew; the rest is sent as it was.
"""

import json
import multiprocessing
import random
import secrets
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import TransactionRollbackError

from bench import messages
from bench.figures import Turn
from bench.load import CLIENTS, alone, connect, read_answer
from bench.setup import SHOP, Setup
from shop.configuration import read_database
from testing.counting_proxy import run_proxy

#: Ids from here on are found in a statement's text without mistaking another number for one.
FIRST_ID = 770_000_001
REFERENCE, KEY, ID = "@@reference@@", "@@key@@", "@@id@@"
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SCRIPTS = 40
_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Step:
    """One statement; `id_column` is where its answer tells the new order's id."""

    sql: str
    id_column: int | None


Script = list[Step]


def record_scripts(setup: Setup, lines: int, statements: int) -> list[Script]:
    """What ours sends to place orders of so many lines, without those that it had to send again.

    Raises RuntimeError when orders of so many statements are not the rule.
    """
    column = "pg_get_serial_sequence('shop_order', 'id')"
    setup.postgres.execute(f"SELECT setval({column}, {FIRST_ID})", SHOP)
    scripts: list[Script] = []
    with run_proxy(setup.postgres.socket, count=True) as wire, setup.ours(wire.directory) as server:
        line = connect(server, 1)[0]
        orders = messages.bodies(setup.goods, "products", lines)
        stream = messages.orders(server.port, orders, setup.goods["token"], keyed=True)
        for request in messages.some(stream, 4):  # connections are opened, and say hello
            line.sendall(request)
            read_answer(line)
        for request in messages.some(stream, SCRIPTS):
            wire.record()
            line.sendall(request)
            order = json.loads(read_answer(line).partition(b"\r\n\r\n")[2])
            key = request.partition(b"Idempotency-Key: ")[2].partition(b"\r\n")[0].decode()
            scripts.append(_script(wire.take_recorded(), order, key))
        line.close()
    usual = [script for script in scripts if len(script) == statements]
    if len(usual) < SCRIPTS / 2:
        raise RuntimeError(f"Orders take {Counter(map(len, scripts))} statements, and not {statements}.")
    return usual


def _script(recorded: list[dict[str, Any]], order: dict[str, Any], key: str) -> Script:
    pk = str(order["id"])
    script, known = [], False
    for entry in recorded:
        sql = entry["sql"].replace(order["reference"], REFERENCE).replace(key, KEY)
        if pk in sql and not known:
            raise RuntimeError(f"Nothing told the order's id before it was used:\n{sql[:500]}")
        told = [row.index(pk) for row in entry["rows"] if pk in row]
        script.append(Step(sql.replace(pk, ID), told[0] if told and not known else None))
        known = known or bool(told)
    return script


def turn(setup: Setup, scripts: list[Script], seconds: float) -> Turn:
    """As many processes as there are clients elsewhere send them for so long."""
    before, pipes = setup.postgres.cpu(), []
    for number in range(CLIENTS):
        ours, theirs = _fork.Pipe()
        own = scripts[number:] + scripts[:number]
        child = _fork.Process(
            target=_replay, args=(setup.postgres.url(SHOP), own, seconds, theirs), daemon=True
        )
        child.start()
        theirs.close()
        pipes.append((ours, child))
    results = [ours.recv() for ours, _ in pipes]
    # While the connections are open: a process of the server that has ended tells no more.
    used = setup.postgres.cpu() - before
    for ours, child in pipes:
        ours.send("enough")
        child.join()
    latencies = [value for process_latencies, _ in results for value in process_latencies]
    elapsed = max(seconds for _, seconds in results)
    # An order that was refused was sent again, as ours does, until it was taken.
    return Turn(latencies, elapsed, Counter({200: len(latencies)}), 0.0, used)


def _replay(url: str, scripts: list[Script], seconds: float, result: Connection) -> None:
    alone()
    entry = read_database(url, Path())
    connection = psycopg2.connect(
        dbname=entry["NAME"], user=entry["USER"], host=entry["HOST"] or None, **entry["OPTIONS"]
    )
    connection.autocommit = True  # BEGIN and COMMIT are among the statements
    latencies: list[float] = []
    with connection.cursor() as cursor:
        _place(cursor, scripts[0])
        began = time.perf_counter()
        ends = began + seconds
        while (sent := time.perf_counter()) < ends:
            _place(cursor, scripts[len(latencies) % len(scripts)])
            latencies.append(1000 * (time.perf_counter() - sent))
    result.send((latencies, time.perf_counter() - began))
    result.recv()


def _place(cursor: Any, script: Script) -> None:
    letters = "".join(random.choices(LETTERS, k=7))
    values = {REFERENCE: f"{letters[:3]}-{letters[3:]}", KEY: secrets.token_hex(16)}
    while True:
        try:
            _send(cursor, script, dict(values))
        except TransactionRollbackError:
            cursor.execute("ROLLBACK")
        else:
            return


def _send(cursor: Any, script: Script, values: dict[str, str]) -> None:
    for step in script:
        sql = step.sql
        for name, value in values.items():
            sql = sql.replace(name, value)
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
        if step.id_column is not None:
            values[ID] = str(rows[0][step.id_column])
