"""Tells others of documents, such as a program that drives a fiscal device."""

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
    """Sends `document_issued` after the commit. What a receiver raises is logged and stops nobody."""
    if document_issued.has_listeners():
        connection.on_commit(
            functools.partial(document_issued.send_robust, type(document), document=document)
        )
