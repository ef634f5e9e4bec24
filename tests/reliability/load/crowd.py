"""Clients of every difficult kind, two thousand at once."""

import asyncio
import base64
import collections
import os
import socket
import struct
import time

HELD = 990  # operations, and as many connections that wait for them; Limits:Operations has 1,000, and others need some
LARGE = 8 << 20
WRITTEN = 9  # bytes that a slow writer has, and so its seconds
TCP_REPAIR = 19

# Where the server has no reason to say anything for two minutes, and so does not notice a client that vanishes without a word.
QUIET = "connected", "HTTP/2"
SILENCE = 5  # seconds, longer than any that is waited for a 102
OPTED = "Connection: keep-alive, 102-Processing"


class Crowd:
    """One coming and going of all of them."""

    def __init__(self, port, slow):
        self._port = port
        self._slow = slow
        self._over = asyncio.Event()
        self._tasks = collections.defaultdict(list)
        self.counts = collections.Counter()
        self.ports = {}  # of each client that was there: what it was
        self.broken = collections.defaultdict(list)

    def come(self):
        kinds = [
            (self._held, [(i, True) for i in range(HELD)]),
            (self._held, [(i % 10, False) for i in range(100)]),  # the same requests again: they join
            (self._reads_slowly, [("GET", "/large", "")] * 200 + [("PROPFIND", "/tree", "Depth: infinity\r\n")] * 6),
            (self._writes_slowly, [(i,) for i in range(200)]),
            (self._is_silent, [()] * 100),
            (self._stops, [("GET / HTTP/1.1\r\nHost: local", "a head that stops")] * 100),
            (self._stops, [(request("PUT", "/halves", "Content-Length: 1000") + "only so much", "a body that stops")] * 100),
            (self._takes_nothing, [()] * 50),
            (self._watches, [()] * 10),
            (self._vanishes, [(phase, f"/vanished{i}") for i in range(12) for phase in self._phases()]),
        ]
        for kind, all_of_it in kinds:
            for arguments in all_of_it:
                self._tasks[kind].append(asyncio.create_task(self._guard(kind, arguments)))

    async def hold(self, seconds):
        """Lets them be what they are; those that take nothing must have been ended by the end of it."""
        await asyncio.sleep(seconds)
        for kind in self._stops, self._takes_nothing:
            await asyncio.wait(self._tasks[kind], timeout=30)

    async def finish(self):
        """Lets operations and uploads come to their end: all that is left to do is done by now."""
        await asyncio.wait(self._tasks[self._held] + self._tasks[self._writes_slowly], timeout=60)

    async def go(self):
        """All that are left go."""
        self._over.set()
        late = [task for tasks in self._tasks.values() for task in tasks]
        _, late = await asyncio.wait(late, timeout=30)
        for task in late:
            self.broken["clients"].append(f"still at it: {task.get_coro().__qualname__}")
            task.cancel()

    async def _guard(self, kind, arguments):
        try:
            await kind(*arguments)
            self.counts[kind.__name__.strip("_")] += 1
        except (OSError, EOFError, ValueError) as fault:
            self.broken[kind.__name__].append(f"{arguments}: {fault!r}")

    # The kinds.

    async def _held(self, number, first):
        line = await self._open(request("COPY", f"{self._slow}/{number}", f"Destination: /held/{number}", OPTED))
        interim, begun = 0, time.monotonic()
        while True:
            head = await line.head()
            if b" 102 " not in head:
                break
            interim += 1
        self.counts["102s"] += interim
        line.close()
        if head.split()[1] not in (b"201", b"204") or (interim == 0 and time.monotonic() - begun > SILENCE):
            raise ValueError(f"{interim} times 102, then {head!r}")

    async def _reads_slowly(self, method, target, fields):
        line = await self._open(f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n", receive=4096)
        while not self._over.is_set():
            if not await line.some(16):
                raise EOFError("the server closed it")
            await self._pause(1)
        line.close()

    async def _writes_slowly(self, number):
        line = await self._open(request("PUT", f"/written/{number}", f"Content-Length: {WRITTEN}"))
        for _ in range(WRITTEN):
            await asyncio.sleep(1)
            await line.send(b"w")
        head = await line.head()
        line.close()
        if head.split()[1] not in (b"201", b"204"):
            raise ValueError(repr(head))

    async def _is_silent(self):
        line = await self._open("")
        await self._over.wait()
        line.close()

    async def _stops(self, text, what):
        line = await self._open(text)
        end = asyncio.create_task(line.to_end())
        await asyncio.wait([end], timeout=30)
        if not end.done():
            end.cancel()
            raise ValueError(f"{what} is not ended")
        self.counts[what + (", answered 408" if end.result().startswith(b"HTTP/1.1 408 ") else ", closed")] += 1
        line.close()

    async def _takes_nothing(self):
        line = await self._open(request("GET", "/large"), receive=4096)
        begin = time.monotonic()
        while not line.is_gone():
            if time.monotonic() - begin > 30:
                raise ValueError("one who takes nothing is not broken off")
            await asyncio.sleep(0.5)
        line.close()

    async def _watches(self):
        line = await self._open(request("GET", "/.webdav/operations/events"))
        while not self._over.is_set():
            try:
                if not await asyncio.wait_for(line.some(65536), 1):
                    raise EOFError("the server closed it")
            except TimeoutError:
                pass
        line.close()

    async def _vanishes(self, phase, upload):
        text, some = self._phases()[phase]
        number = 0
        while not self._over.is_set():
            if phase == "socket":
                text = await self._socket_request()
            line = await self._open(text.replace("/vanished", upload))
            if some:
                await line.some(some)
            line.close(reset=number % 3 == 1, silently=number % 3 == 2 and phase not in QUIET)
            self.counts["vanished"] += 1
            number += 1
            await self._pause(0.5)

    @staticmethod
    def _phases():
        """Where clients vanish: what they have sent, and how much of the answer they have read by then."""
        return {
            "connected": ("", 0),
            "request line": ("GET /pro", 0),
            "head": ("PUT /vanished HTTP/1.1\r\nHost: localhost\r\nConte", 0),
            "body": (request("PUT", "/vanished", "Content-Length: 100000") + "v" * 5000, 0),
            "102": (request("COPY", f"/slow/{HELD}", "Destination: /nobodys", "Connection: close, 102-Processing"), 0),
            "answer": (request("GET", "/large"), 9000),
            "207": (request("PROPFIND", "/tree", "Depth: 1", "Connection: close"), 3000),
            "events": (request("GET", "/.webdav/operations/events"), 300),
            "socket": ("", 300),
            "HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", 9),
        }

    async def _socket_request(self):
        line = await self._open(request("GET", "/.webdav/operations", "Connection: close"))
        head, _, body = (await line.to_end()).partition(b"\r\n\r\n")
        line.close()
        socket_of = body.partition(b'"socket":"')[2].partition(b'"')[0].decode() or "/.webdav/operations/none/socket"
        key = base64.b64encode(os.urandom(16)).decode()
        return request(
            "GET", socket_of, "Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}")

    # What they do with.

    async def _open(self, text, receive=None):
        line = Line(receive)
        await line.open(self._port)
        self.ports[line.port] = text[:80]
        await line.send(text.encode())
        return line

    async def _pause(self, seconds):
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            pass


class Line:
    """A connection by hand."""

    def __init__(self, receive):
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._buffer = b""
        if receive:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)

    async def open(self, port):
        await asyncio.get_running_loop().sock_connect(self._socket, ("127.0.0.1", port))

    @property
    def port(self):
        return self._socket.getsockname()[1]

    async def send(self, content):
        await asyncio.get_running_loop().sock_sendall(self._socket, content)

    async def some(self, most):
        return await asyncio.get_running_loop().sock_recv(self._socket, most)

    async def head(self):
        """The next head of an answer, with what follows it left for later."""
        while b"\r\n\r\n" not in self._buffer:
            more = await self.some(65536)
            if not more:
                raise EOFError(f"the server closed it after {self._buffer!r}")
            self._buffer += more
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head

    async def to_end(self):
        content = b""
        try:
            while more := await self.some(65536):
                content += more
        except ConnectionError:
            pass
        return content

    def is_gone(self):
        """Whether the server has broken it off, without taking anything that it has sent."""
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        state = self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        return error != 0 or state != 1  # TCP_ESTABLISHED

    def close(self, reset=False, silently=False):
        """Closes it; with a reset, or without a word, as a machine does that loses its power."""
        if silently:
            self._socket.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        elif reset:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


def request(method, target, *fields):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: localhost", *fields, "", ""])
