"""Operations that are begun at one server and seen, joined and steered at others."""

import json
import os
import threading
import time

import cluster
import web

FILES = 4000


def make_tree(three, name, files=FILES, size=1 << 15):
    """A tree whose copy takes a while, once."""
    if os.path.exists(three.path(name)):
        return
    content = os.urandom(size)
    for number in range(files):
        collection = three.path(f"{name}/collection {number % 40}")
        os.makedirs(collection, exist_ok=True)
        with open(f"{collection}/file {number}", "wb") as file:
            file.write(content)


def begin(three, destination):
    """A COPY at the first server that is held there: the request that waits for it, and the operation."""
    make_tree(three, "tree")
    asked = Asked(lambda: copy(three.servers[0].port, "tree", destination))
    return asked, hold(three, three.servers[0].port, destination)


def copy(port, source, destination, **more):
    headers = {"Destination": f"http://127.0.0.1:{port}/{destination}/", **more}
    return web.ask(port, "COPY", f"/{source}/", headers)


class Asked(threading.Thread):
    """A request that somebody waits for."""

    def __init__(self, ask):
        super().__init__()
        self._ask = ask
        self.answer = None
        self.fault = None
        self.start()

    def run(self):
        try:
            self.answer = self._ask()
        except Exception as fault:
            self.fault = fault


def running(port, destination):
    """The running operation that makes a destination, as a server shows it."""
    shown = json.loads(web.ask(port, "GET", "/.webdav/operations").body)["operations"]
    return next((at for at in shown if at.get("destination", "").strip("/") == destination and at["state"] in ("running", "paused")), None)


def hold(three, port, destination):
    """Finds an operation where it was begun, has it held there, and waits until all servers say so."""
    found = []
    three.wait(f"the COPY to {destination} has begun", lambda: found.append(running(port, destination)) or found[-1], 20)
    command(port, found[-1]["id"], "pause")
    for at in three.ports:
        three.wait("it is held", lambda at=at: show(at, found[-1]["id"]).get("state") == "paused")
    return found[-1]


def show(port, identity):
    answer = web.ask(port, "GET", f"/.webdav/operations/{identity}")
    return json.loads(answer.body) if answer.status == 200 else {}


def events(port, identity, seconds):
    """The events of an operation, read to their end."""
    answer = web.ask(port, "GET", f"/.webdav/operations/{identity}/events", timeout=seconds)
    return [json.loads(line[len("data: "):]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]


def command(port, identity, word):
    """A command over the WebSocket of an operation."""
    import base64
    import socket
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall((
            f"GET /.webdav/operations/{identity}/socket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        head = connection.recv(4096)
        assert b" 101 " in head.split(b"\r\n")[0], head
        text, mask = word.encode(), os.urandom(4)
        connection.sendall(bytes([0x81, 0x80 | len(text)]) + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(text)))
        time.sleep(0.5)


def assert_same(three, source, destination):
    for directory, _, files in os.walk(three.path(source)):
        for name in files:
            path = os.path.join(directory, name)
            twin = three.path(destination) + path[len(three.path(source)):]
            with open(path, "rb") as one, open(twin, "rb") as other:
                assert one.read() == other.read(), f"{twin} is not {path}"


def joined(three):
    a, b, c = three.ports
    first, operation = begin(three, "joined")
    second = Asked(lambda: copy(b, "tree", "joined"))
    watched = Asked(lambda: events(c, operation["id"], 120))
    time.sleep(1)
    assert first.is_alive() and second.is_alive(), f"{first.answer} {second.answer}"
    command(b, operation["id"], "resume")
    for asked in (first, second, watched):
        asked.join(120)
        assert asked.fault is None, asked.fault
    assert (first.answer.status, second.answer.status) == (201, 201), f"{first.answer}, {second.answer}"
    assert len(watched.answer) > 1 and watched.answer[-1]["state"] == "succeeded", watched.answer[-1:]
    copies = three.rows("SELECT count(*) FROM operation WHERE record LIKE '%joined%'")
    assert copies == ["1"], f"{copies} operations"
    assert_same(three, "tree", "joined")
    assert web.ask(b, "GET", f"/.webdav/operations/{operation['id']}/result").status == 201
    return f"{len(watched.answer)} events at the third server"


def cancelled(three):
    b = three.servers[1].port
    first, operation = begin(three, "cancelled")
    answer = web.ask(b, "DELETE", f"/.webdav/operations/{operation['id']}")
    assert answer.status == 204, answer
    first.join(60)
    assert first.answer.status == 503, first.answer
    assert not os.path.exists(three.path("cancelled"))
    three.wait("the others see that it was cancelled", lambda: show(b, operation["id"])["state"] == "cancelled")


def killed(three):
    a, b, c = three.ports
    first, operation = begin(three, "killed")
    second = Asked(lambda: copy(b, "tree", "killed"))
    time.sleep(0.5)
    assert three.staged(), "nothing is staged"
    three.servers[0].kill()
    killed_at = time.monotonic()
    taken = three.wait("it is interrupted", lambda: show(c, operation["id"])["state"] == "interrupted")
    second.join(60)
    assert second.answer is not None and second.answer.status == 503, f"{second.answer} {second.fault}"
    three.wait("its staging is gone", lambda: not three.staged() and len(three.areas()) == 2)
    cleared = time.monotonic() - killed_at
    assert not os.path.exists(three.path("killed"))
    retry = copy(b, "tree", "killed")
    assert retry.status == 201, retry
    assert_same(three, "tree", "killed")
    first.join(60)
    three.start()
    assert taken < 3 * cluster.HEARTBEAT, f"interrupted after {taken:.1f} s"
    return f"interrupted {taken:.1f} s after the kill, cleared away after {cleared:.1f} s; the heartbeat is {cluster.HEARTBEAT} s"
