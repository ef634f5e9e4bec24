"""A client that costs little, so that what is measured is the server: HTTP/1.1 over plain sockets."""

import io
import socket
import time
from typing import NamedTuple

PATIENCE = 60  # Seconds that a request may take.


class Cut(Exception):
    """The server closed the connection before the answer was whole."""


class Reply(NamedTuple):
    status: int
    fields: dict
    body: bytes
    first: float  # Seconds to the first byte...
    total: float  # ... and to the last one.

    @property
    def closes(self):
        return "close" in self.fields.get("connection", "").lower()


def request_bytes(host, method, path, fields=None, body=b""):
    lines = ["%s %s HTTP/1.1" % (method, path), "Host: " + host]
    lines += ["%s: %s" % field for field in (fields or {}).items()]
    if body or method in ("PUT", "LOCK", "PROPPATCH", "PROPFIND"):
        lines.append("Content-Length: %d" % len(body))
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def read_reply(reader):
    """The final answer from a binary stream, past interim ones: status, fields, body."""
    while True:
        start = line_of(reader)
        fields = {}
        while line := line_of(reader):
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        status = int(start.split()[1])
        if status >= 200:
            return status, fields, read_body(reader, status, fields)


def read_body(reader, status, fields):
    if status in (204, 304):
        return b""
    if "chunked" in fields.get("transfer-encoding", "").lower():
        parts = []
        while size := int(line_of(reader).split(";")[0], 16):
            parts.append(exactly(reader, size))
            line_of(reader)
        while line_of(reader):
            pass  # Trailers.
        return b"".join(parts)
    if "content-length" in fields:
        return exactly(reader, int(fields["content-length"]))
    fields["connection"] = "close"
    return reader.read()


def line_of(reader):
    line = reader.readline()
    if not line.endswith(b"\n"):
        raise Cut("the answer ends within a line" if line else "closed without an answer")
    return line.rstrip(b"\r\n").decode("latin-1")


def exactly(reader, size):
    data = reader.read(size)
    if len(data) != size:
        raise Cut("the answer ends %d bytes too early" % (size - len(data)))
    return data


def dial(address, patience=PATIENCE):
    connection = socket.create_connection(address, timeout=patience)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class Connection:
    """One that is kept, for many small requests; opened again where the server has closed it."""

    def __init__(self, address, patience=PATIENCE):
        self.address, self.host, self.patience = address, "%s:%d" % address, patience
        self.socket = self.reader = None

    def ask(self, method, path, fields=None, body=b""):
        request = request_bytes(self.host, method, path, fields, body)
        kept = self.socket is not None
        try:
            return self._once(request)
        except (Cut, ConnectionError):
            self.close()
            if not kept:
                raise
        return self._once(request)

    def _once(self, request):
        if self.socket is None:
            self.socket = dial(self.address, self.patience)
            self.reader = self.socket.makefile("rb", 1 << 16)
        began = time.monotonic()
        self.socket.sendall(request)
        self.reader.peek(1)
        first = time.monotonic() - began
        reply = Reply(*read_reply(self.reader), first, time.monotonic() - began)
        if reply.closes:
            self.close()
        return reply

    def close(self):
        if self.socket is not None:
            self.reader.close()
            self.socket.close()
        self.socket = self.reader = None


def ask_once(address, method, path, fields=None, body=b"", patience=PATIENCE):
    """A request on a connection of its own. The answer is only collected while the clock runs, and read when it is whole."""
    request = request_bytes("%s:%d" % address, method, path, {**(fields or {}), "Connection": "close"}, body)
    parts, first = [], None
    with dial(address, patience) as connection:
        began = time.monotonic()
        connection.sendall(request)
        while True:
            connection.settimeout(max(0.01, began + patience - time.monotonic()))
            part = connection.recv(1 << 20)
            if first is None:
                first = time.monotonic() - began
            if not part:
                break
            parts.append(part)
        total = time.monotonic() - began
    return Reply(*read_reply(io.BytesIO(b"".join(parts))), first, total)
