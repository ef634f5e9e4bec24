"""A server that is stopped with SIGSTOP in the middle of something, taken for dead, and goes on."""

import http.client
import os
import threading
import time

import cluster
import operations
import web

UPLOADS = 12
NEW = b"from another server\n"


def write_all(three, names, stop):
    """Writes without end through one server: each file is put, replaced by a MOVE, and removed, again and again. Each write says what it
    expects to be there: one that had not yet begun when the server was frozen may be done when it wakes up, if nobody else has written."""
    port = three.servers[0].port

    def run(name):
        def ask(method, path, fields, body=None):
            if stop.is_set():
                raise StopIteration
            return web.ask(port, method, path, fields, body, timeout=120)

        while not stop.is_set():
            try:
                content = b"of the frozen one " + os.urandom(4).hex().encode()
                ask("PUT", f"/{name}", {"If-None-Match": "*"}, content)
                there = ask("GET", f"/{name}", {}).fields["ETag"]
                put = ask("PUT", f"/{name}", {"If-Match": there}, content)
                ask("PUT", f"/{name}.new", {}, content)
                moved = ask("MOVE", f"/{name}.new", {
                    "Destination": f"http://127.0.0.1:{port}/{name}",
                    "If": f"<http://127.0.0.1:{port}/{name}> ([{put.fields['ETag']}])",
                })
                assert moved.status == 204, moved
                ask("DELETE", f"/{name}", {"If-Match": ask("GET", f"/{name}", {}).fields["ETag"]})
            except StopIteration:
                return
            except (OSError, http.client.HTTPException, TypeError, AssertionError):
                time.sleep(0.05)  # No answer, or none with an entity tag: the server is frozen, or begins anew.

    threads = [threading.Thread(target=run, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    return threads


def is_dead(three, before):
    return not set(before) <= set(three.areas())


def uploads(three):
    """Frozen at any instruction under load: what another server replaces meanwhile stays."""
    replaced = 0
    for _ in range(2):
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
