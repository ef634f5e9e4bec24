"""Many connections at once, from one thread."""

import io
import selectors

from web.client import PATIENCE, Cut, dial, read_reply


class Lane:
    """A connection with at most one request on it, which is sent again where the server closed the connection under it."""

    def __init__(self, address, selector):
        self.address, self.selector = address, selector
        self.socket, self.request, self.received, self.retries = None, None, b"", 0

    def send(self, request):
        self.request, self.received = request, b""
        if self.socket is None:
            self.socket = dial(self.address)
            self.selector.register(self.socket, selectors.EVENT_READ, self)
        try:
            self.socket.sendall(request)
        except ConnectionError:
            self._again()

    def receive(self):
        """Takes what has come: the final answer's status, fields and body, or None while it is not whole."""
        try:
            part = self.socket.recv(1 << 16)
        except ConnectionError:
            part = b""
        if not part:
            self._again()
            return None
        self.received += part
        try:
            answer = read_reply(io.BytesIO(self.received))
        except Cut:
            return None
        self.request = None
        if "close" in answer[1].get("connection", "").lower():
            self.close()
        return answer

    def close(self):
        if self.socket is not None:
            self.selector.unregister(self.socket)
            self.socket.close()
        self.socket = None

    def _again(self):
        self.close()
        self.retries += 1
        if self.retries > 300:
            raise Cut("closed again and again")
        if self.request is not None:
            self.send(self.request)


class Lanes:
    def __init__(self, address, count):
        self.selector = selectors.DefaultSelector()
        self.all = [Lane(address, self.selector) for _ in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for lane in self.all:
            lane.close()
        self.selector.close()

    def ready(self, patience=PATIENCE):
        """The lanes on which something has come."""
        events = self.selector.select(patience)
        if not events:
            raise TimeoutError("nothing came for %d s" % patience)
        return [key.data for key, _ in events]
