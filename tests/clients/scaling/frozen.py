"""A server that is stopped with SIGSTOP in the middle of something, taken for dead, and goes on."""

import os
import socket
import threading
import time

import cluster
import operations
import web

UPLOADS = 12
NEW = b"from another server\n"


def write_all(three, names, stop):
    """Writes without end through one server: each file is put, removed, and replaced by a MOVE, again and again."""
    def run(name):
        port = three.servers[0].port
        while not stop.is_set():
            try:
                for method, path, fields in [
                    ("PUT", f"/{name}", {}),
                    ("PUT", f"/{name}.new", {}),
                    ("MOVE", f"/{name}.new", {"Destination": f"http://127.0.0.1:{port}/{name}"}),
                    ("DELETE", f"/{name}", {}),
                ]:
                    body = b"of the frozen one " + os.urandom(4).hex().encode() if method == "PUT" else None
                    web.ask(port, method, path, fields, body, timeout=120)
                    if stop.is_set():
                        return
            except Exception:
                time.sleep(0.05)
    threads = [threading.Thread(target=run, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    return threads


def is_dead(three, before):
    return not set(before) <= set(three.areas())


def uploads(three):
    """Frozen at any instruction under load: what another server replaces meanwhile stays."""
    replaced = 0
    for _ in range(3):
        names = [f"frozen {number}".replace(" ", "-") for number in range(UPLOADS)]
        stop = threading.Event()
        threads = write_all(three, names, stop)
        time.sleep(1)
        before = three.areas()
        three.servers[0].freeze()
        stop.set()
        three.wait("the frozen server is taken for dead", lambda: is_dead(three, before))
        for name in names:
            three.wait(f"{name} can be written", lambda: web.ask(three.servers[1].port, "PUT", f"/{name}", body=NEW).status in (201, 204))
            replaced += 1
        three.servers[0].thaw()
        for thread in threads:
            thread.join(150)
        time.sleep(1)
        for name in names:
            with open(three.path(name), "rb") as file:
                content = file.read()
            assert content == NEW, f"{name} holds {content!r}"
        three.wait("the server is back", lambda: web.ask(three.servers[0].port, "PUT", "/back", body=b"x").status in (201, 204))
        assert not three.staged(), three.staged()
    return f"{replaced} files were replaced while a server was frozen under {UPLOADS} writers"


def copies(three):
    """Frozen while it copies: the tree that another has put at the destination meanwhile stays."""
    a, b, c = three.ports
    os.makedirs(three.path("small"), exist_ok=True)
    with open(three.path("small/only"), "wb") as file:
        file.write(NEW)
    first, operation = operations.begin(three, "replaced")
    before = three.areas()
    three.servers[0].freeze()
    three.wait("the frozen server is taken for dead", lambda: is_dead(three, before))
    three.wait("it is interrupted", lambda: operations.show(c, operation["id"])["state"] == "interrupted")
    put = operations.copy(b, "small", "replaced")
    assert put.status == 201, put
    three.servers[0].thaw()
    first.join(120)
    assert first.answer is not None and first.answer.status == 503, f"{first.answer} {first.fault}"
    assert os.listdir(three.path("replaced")) == ["only"], os.listdir(three.path("replaced"))
    three.wait("the server is back", lambda: web.ask(a, "PUT", "/back", body=b"x").status in (201, 204))
    three.wait("nothing is staged", lambda: not three.staged())
    return f"the heartbeat is {cluster.HEARTBEAT} s"
