"""Lone statements outside of transactions, sent again where the database asks for it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from shop.db.errors import Busy
from shop.db.failures import Failure, classify, get_sqlstate
from shop.db.retries import BUDGET, MAX_ATTEMPTS, MAX_FAILURES, draw_delay

logger = logging.getLogger("shop.transactions")

#: Seconds within which a connection that died while it was idle is noticed. One that is lost
#: later was waiting for an answer, and is not given as long again.
IDLE_LOSS_SECONDS = 1.0


def retry_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Sends a statement again, as an execute wrapper; a statement inside a transaction passes through.

    At SERIALIZABLE even a lone SELECT may be refused; it is sent again, as often as the budget allows.
    A SELECT on a connection that died while it was idle is sent once more, on a new one. Raises Busy.
    """
    connection = context["connection"]
    if connection.in_atomic_block:
        return execute(sql, params, many, context)
    began = time.monotonic()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            return execute(sql, params, many, context)
        except Exception as error:
            failure, spent = classify(error, connection), time.monotonic() - began
            is_read = sql.startswith("SELECT")
            stale = is_read and failure is Failure.LOST and attempt == 1 and spent < IDLE_LOSS_SECONDS
            internal = is_read and failure is Failure.INTERNAL and attempt < MAX_FAILURES[Failure.INTERNAL]
            if not stale and not internal and (failure is not Failure.CONFLICT or spent > BUDGET):
                raise
            logger.warning("retry name=statement attempt=%d sqlstate=%s", attempt, get_sqlstate(error))
            if stale:
                connection.close()
                connection.ensure_connection()
                context["cursor"].cursor = connection.create_cursor()
            else:
                time.sleep(draw_delay(attempt))
    raise Busy(Busy.detail)
