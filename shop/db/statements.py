"""Retries single statements outside of transactions.

A SELECT on a connection that was lost while it was idle is sent once more on a new connection: its cursor
is swapped for one of the new connection. Django's health checks would cost a round trip for each request
(bench/BEFORE_AFTER.md, "(e) a SELECT again on a new connection").
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from shop.db.errors import Busy
from shop.db.failures import Failure, classify, get_sqlstate
from shop.db.retries import BUDGET, MAX_ATTEMPTS, MAX_FAILURES, draw_delay

logger = logging.getLogger("shop.transactions")

#: A connection that was lost while it was idle fails within these seconds. One that fails later was waiting
#: for an answer, and the statement is not sent again.
IDLE_LOSS_SECONDS = 1.0


def retry_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Retries a statement outside of a transaction; Django calls it as an execute wrapper.

    At SERIALIZABLE even a single SELECT may be refused. It is sent again as often as the budget allows; past
    it the database's own error is raised, or Busy after MAX_ATTEMPTS.
    """
    connection = context["connection"]
    if connection.in_atomic_block:
        return execute(sql, params, many, context)
    start = time.monotonic()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            return execute(sql, params, many, context)
        except Exception as error:
            failure, spent = classify(error, connection), time.monotonic() - start
            is_read = sql.startswith("SELECT")
            was_idle = is_read and failure is Failure.LOST and attempt == 1 and spent < IDLE_LOSS_SECONDS
            is_internal = is_read and failure is Failure.INTERNAL and attempt < MAX_FAILURES[Failure.INTERNAL]
            if not was_idle and not is_internal and (failure is not Failure.CONFLICT or spent > BUDGET):
                raise
            logger.warning("retry name=statement attempt=%d sqlstate=%s", attempt, get_sqlstate(error))
            if was_idle:
                connection.close()
                connection.ensure_connection()
                context["cursor"].cursor = connection.create_cursor()
            else:
                time.sleep(draw_delay(attempt))
    raise Busy(Busy.detail)
