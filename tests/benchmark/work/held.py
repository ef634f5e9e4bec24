"""Many connections, each waiting for a long COPY: a few begin one, the others join, and all get 102s while it is paused."""

import base64
import json
import os
import time

from web.client import ask_once, dial, request_bytes
from web.dav import Refused, check
from web.lanes import Lanes

LISTED = "/.webdav/operations"


def hold(bench):
    count, process = bench.sizes.held, bench.server.process
    warm_up(bench)
    time.sleep(1)
    before, threads = process.resident(), process.threads()
    with Lanes(bench.address, count) as lanes:
        begin(bench, lanes, bench.sizes.operations)
        wait_for_102s(lanes)
        time.sleep(3)
        figures = {"connections": count, "operations": bench.sizes.operations, "threads": process.threads(), "threads_before": threads,
                   "rss_kb": process.resident(), "rss_before_kb": before}
        cancel(bench, lanes)
    return figures | {"threads_each": (figures["threads"] - threads) / count, "kb_each": (figures["rss_kb"] - before) / count}


def begin(bench, lanes, operations):
    host = "%s:%d" % bench.address
    for i, lane in enumerate(lanes.all):
        lane.send(request_bytes(host, "COPY", bench.path("deep/"), {
            "Destination": bench.url("copied%d/" % (i % operations)), "Connection": "Keep-Alive, 102-Processing"}))
        if i < operations:
            pause_newest(bench)


def wait_for_102s(lanes):
    left, until = set(lanes.all), time.monotonic() + 30
    while left and time.monotonic() < until:
        for lane in lanes.ready():
            check(lane.receive() is None, "a COPY that is paused was answered")
            if b"HTTP/1.1 102" in lane.received:
                left.discard(lane)
    check(not left, "%d connections got no 102" % len(left))


def cancel(bench, lanes):
    """The operations; every connection must be told."""
    for operation in running(bench):
        ask_once(bench.address, "DELETE", operation["links"]["self"])
    statuses = []
    while len(statuses) < len(lanes.all):
        statuses += [answer[0] for lane in lanes.ready() if (answer := lane.receive())]
    check(set(statuses) == {503}, "the final answers were %s" % sorted(set(statuses)))


def warm_up(bench):
    """All code that is needed has run once before memory is looked at."""
    with Lanes(bench.address, 1) as lanes:
        begin(bench, lanes, 1)
        wait_for_102s(lanes)
        cancel(bench, lanes)


def running(bench):
    reply = ask_once(bench.address, "GET", LISTED)
    return [operation for operation in json.loads(reply.body)["operations"] if operation["state"] in ("running", "paused")]


def pause_newest(bench):
    """Waits for an operation that is at work, and pauses it by its socket."""
    for _ in range(200):
        if found := [operation for operation in running(bench) if operation["state"] == "running"]:
            return pause(bench, found[0]["links"]["socket"])
        time.sleep(0.005)
    raise Refused("fails", "no operation was seen at work")


def pause(bench, socket):
    """A WebSocket (RFC 6455) with one message, whose mask is zero."""
    with dial(bench.address) as connection:
        connection.sendall(request_bytes("%s:%d" % bench.address, "GET", socket, {
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode()}))
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(1 << 16)
        connection.sendall(b"\x81\x85\0\0\0\0pause")
        while b'"state":"paused"' not in received:
            part = connection.recv(1 << 16)
            check(part, "the operation ended before it was paused")
            received += part
