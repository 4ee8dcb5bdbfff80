"""A gunicorn worker that uses a thread only when it has read the whole request.

gunicorn's own threads read what a client sends: eight clients that send a byte now and then take all of
them. waitress reads and writes for every client in one thread, and hands whole requests to the others.
gunicorn still starts, watches, replaces and stops the processes.
"""

import os
import time
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

#: Seconds that a client has to send a request, from its first byte to its last.
REQUEST_SECONDS = 10
#: Seconds that an open connection may be silent: between two requests, or while it does not read its answer.
SILENT_SECONDS = 10
#: Open connections of one process. Beyond that, silent ones are closed sooner.
MAX_CONNECTIONS = 500
#: Bytes of a request's body. Shop takes no files; the longest order of the API is some 40 KB.
MAX_BODY = 2 * 1024 * 1024
MAX_HEADERS = 32 * 1024


class Channel(HTTPChannel):
    """A connection that notes when its request began."""

    began = 0.0

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.began = time.time()
        return bool(super().received(data))

    def is_overdue(self, now: float, *, is_full: bool) -> bool:
        """Whether to close the connection: the request takes too long, or nothing is sent or read."""
        request, silent = (1, 1) if is_full else (REQUEST_SECONDS, SILENT_SECONDS)
        if self.request is not None:
            return now - self.began > request
        is_working = self.requests and not self.total_outbufs_len
        return not is_working and now - self.last_activity > silent


class Server(TcpWSGIServer):
    """waitress' server, with a deadline for a whole request instead of for each byte."""

    channel_class = Channel

    def maintenance(self, now: float) -> None:
        for channel in self.active_channels.values():
            if channel.is_overdue(now, is_full=self.in_connection_overflow):
                channel.will_close = True


class BufferedWorker(Worker):
    """Serves the application by waitress on the sockets that gunicorn opened."""

    def run(self) -> None:
        connections: dict[int, Any] = {}
        self.dispatcher = ThreadedTaskDispatcher()
        self.dispatcher.set_thread_count(self.cfg.threads)
        servers = [self._make_server(listener.sock, connections) for listener in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self._process_events(connections)
        for server in servers:
            server.accepting = False
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while self._is_busy(servers) and time.monotonic() < deadline:
            self._process_events(connections)
        self.dispatcher.shutdown()

    def _make_server(self, sock: Any, connections: dict[int, Any]) -> Server:
        adjustments = Adjustments(
            sockets=[sock],
            threads=self.cfg.threads,
            ident=None,
            # Django gets these headers, and trusts them only with SHOP_HTTPS, behind a proxy.
            clear_untrusted_proxy_headers=False,
            cleanup_interval=1,
            connection_limit=MAX_CONNECTIONS,
            max_request_header_size=MAX_HEADERS,
            max_request_body_size=MAX_BODY,
            # Bodies stay in memory.
            inbuf_overflow=2 * MAX_BODY,
        )
        info = (sock.family, sock.type, sock.proto, sock.getsockname())
        return Server(
            self.wsgi,
            map=connections,
            _sock=sock,
            dispatcher=self.dispatcher,
            adj=adjustments,
            sockinfo=info,
            bind_socket=False,
        )

    def _process_events(self, connections: dict[int, Any]) -> None:
        """Reads and writes the ready sockets, and tells gunicorn that the process is alive."""
        self.notify()
        wasyncore.loop(timeout=0.5, use_poll=True, map=connections, count=1)

    @staticmethod
    def _is_busy(servers: list[Server]) -> bool:
        channels = [channel for server in servers for channel in server.active_channels.values()]
        return any(channel.requests or channel.total_outbufs_len for channel in channels)
