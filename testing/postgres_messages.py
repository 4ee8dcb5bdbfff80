"""The part of PostgreSQL's wire protocol that a proxy needs to recognise a COMMIT.

A client begins with a message without a type: its length, a code, parameters. All later ones
are a type byte, a length that counts itself, and a body.
"""

import socket
import struct
from collections.abc import Iterator

_ENCRYPTION_REQUESTS = {80877103, 80877104}  # SSL, GSSAPI
_READY = b"Z\x00\x00\x00\x05"


def receive_startup(client: socket.socket) -> bytes:
    """Refuses encryption and returns the client's first message. Raises OSError when the client goes away."""
    while True:
        head = _receive(client, 8)
        length, code = struct.unpack("!II", head)
        if code not in _ENCRYPTION_REQUESTS:
            return head + _receive(client, length - 8)
        client.sendall(b"N")


def _receive(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise ConnectionResetError("The client closed the connection before its first message was whole.")
        data += more
    return data


def take_messages(buffer: bytearray) -> Iterator[bytes]:
    """Takes the whole messages out of `buffer`; what is left is the beginning of one."""
    while len(buffer) >= 5:
        size = 1 + int(struct.unpack_from("!I", buffer, 1)[0])
        if len(buffer) < size:
            return
        message = bytes(buffer[:size])
        del buffer[:size]
        yield message


def is_query(message: bytes) -> bool:
    return message.startswith(b"Q")


def is_commit(message: bytes) -> bool:
    return is_query(message) and message[5:] == b"COMMIT\0"


def ends_reply(data: bytes) -> bool:
    """Whether a reply ends here: the server is ready for the next query."""
    return _READY in data
