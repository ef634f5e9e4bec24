"""Requests to one of the servers, each thread over a connection of its own for each server."""

import http.client
import re
import threading

LOCKINFO = (b"<?xml version='1.0'?><D:lockinfo xmlns:D='DAV:'><D:lockscope><D:exclusive/></D:lockscope>"
            b"<D:locktype><D:write/></D:locktype><D:owner>scaling</D:owner></D:lockinfo>")

_kept = threading.local()


class Answer:
    def __init__(self, status, fields, body):
        self.status = status
        self.fields = fields
        self.body = body

    @property
    def token(self):
        found = re.search(r"<(.*)>", self.fields.get("Lock-Token", ""))
        return found and found[1]

    def __str__(self):
        return f"{self.status} {self.body[:120]!r}"


def ask(port, method, path, headers=None, body=None, timeout=60):
    """Sends a request; an unanswered one raises OSError or HTTPException."""
    connections = _kept.__dict__.setdefault("by_port", {})
    fresh = port not in connections
    connection = connections.setdefault(port, http.client.HTTPConnection("127.0.0.1", port, timeout=timeout))
    connection.timeout = timeout
    try:
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    except (OSError, http.client.HTTPException):
        connection.close()
        del connections[port]
        if fresh or method not in ("GET", "HEAD", "PROPFIND"):
            raise
        return ask(port, method, path, headers, body, timeout)


def lock(port, path, depth="0"):
    return ask(port, "LOCK", path, {"Depth": depth, "Timeout": "Second-600", "Content-Type": "application/xml"}, LOCKINFO)


def unlock(port, path, token):
    return ask(port, "UNLOCK", path, {"Lock-Token": f"<{token}>"})
