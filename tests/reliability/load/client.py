"""A client that sends one request after the other, in a process of its own, so that a crowd beside it does not slow its clock."""

import http.client
import multiprocessing
import time

PATIENCE = 30


class Client:
    """Repeats a scene, a function of the connection and the number of the repetition, until it is told to stop."""

    def __init__(self, port, scene):
        self._stop = multiprocessing.Event()
        self._measured = multiprocessing.SimpleQueue()
        self._process = multiprocessing.Process(target=_run, args=(port, scene, self._stop, self._measured), daemon=True)
        self._process.start()

    def take(self):
        """What has been measured since it was asked before: a list of (milliseconds, fault)."""
        taken = []
        while not self._measured.empty():
            taken.append(self._measured.get())
        return taken

    def stop(self):
        """Ends it; gives the rest."""
        self._stop.set()
        rest = []
        until = time.monotonic() + PATIENCE
        while self._process.is_alive() and time.monotonic() < until:
            rest += self.take()
            time.sleep(0.05)
        return rest + self.take()


class Connection:
    """Its connection, kept as long as the server keeps it."""

    def __init__(self, port, measured):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._measured = measured

    def ask(self, method, target, expected, headers=None, body=None, length=None):
        """Sends a request and reads its answer, which must have one of the statuses and the length; None where there was none."""
        begin = time.monotonic()
        answer = fault = None
        try:
            self._connection.request(method, target, body=body, headers=headers or {})
            answer = self._connection.getresponse()
            content = answer.read()
            if answer.status not in expected:
                fault = f"{method} {target}: {answer.status} {answer.reason}"
            elif length is not None and len(content) != length:
                fault = f"{method} {target}: {len(content)} bytes and not {length}"
        except (OSError, http.client.HTTPException) as lost:
            self._connection.close()
            fault = f"{method} {target}: {lost!r}"
        self._measured.put(((time.monotonic() - begin) * 1000, fault))
        return answer

    def close(self):
        self._connection.close()


def spread(measured):
    """Median, 99th of a hundred and the longest, of the milliseconds."""
    times = sorted(ms for ms, _ in measured)
    return (times[len(times) // 2], times[len(times) * 99 // 100], times[-1]) if times else (0, 0, 0)


def _run(port, scene, stop, measured):
    connection = Connection(port, measured)
    number = 0
    while not stop.is_set():
        scene(connection, number)
        number += 1
    connection.close()
