"""Tells other programs of new documents, such as the driver of a fiscal device."""

import functools
from typing import TYPE_CHECKING

from django.db import connection
from django.dispatch import Signal

if TYPE_CHECKING:
    from shop.documents.models import Document

#: Sent once for each document with `document`, after it is stored for good. It may be missed when the
#: process dies in between: a receiver asks for the documents after the last one that it knows.
document_issued = Signal()


def announce(document: "Document") -> None:
    """Sends `document_issued` after the commit. An error of a receiver is logged, and stops nothing."""
    if document_issued.has_listeners():
        connection.on_commit(
            functools.partial(document_issued.send_robust, type(document), document=document)
        )
