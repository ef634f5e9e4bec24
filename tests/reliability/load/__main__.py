"""Two thousand difficult clients on a server, with a disk that hangs, and small requests beside them.

Prints a line for each promise: `ok TAB promise`, or `not ok TAB promise TAB what broke it`; lines with # are for people.
"""

import argparse
import asyncio
import os
import resource
import signal
import statistics
import sys
import time

import process
import scenes
from client import Client, spread
from crowd import HELD, LARGE, WRITTEN, Crowd

ROUNDS = 3
THREADS = 200
HANGS = 3600  # seconds: longer than any round
MEMORY = 256  # MiB between the collector's high tide and its low one
HANDLES = 48  # that a burst may leave open, such as those of connections to the database

PROMISES = {
    "answers": "small requests and a mixed load are answered as they should be, meanwhile",
    "_held": f"{HELD} operations on a disk that hangs are kept alive, and come to their end when it goes on",
    "_reads_slowly": "slow readers are served",
    "_writes_slowly": "slow writers are served, and what they wrote is whole",
    "_stops": "who stops in a head or a body is ended (Limits:HeaderTimeout, Limits:BodyTimeout)",
    "_takes_nothing": "who takes nothing of an answer is broken off (Limits:BodyTimeout)",
    "_watches": "who watches the operations is served",
    "clients": "clients that vanish in every phase, or are silent, find the server there again",
    "vanished": "nothing is seen of the uploads of those that vanished",
    "threads": f"the server needs less than {THREADS} threads",
    "connections": "no connection is left when all have gone",
    "handles": "the handles are as many as before when all have gone",
    "memory": "the memory does not grow from one coming to the next",
}


class Load:
    def __init__(self, arguments):
        self._port, self._pid, self._root, self._control = arguments.port, arguments.pid, arguments.root, arguments.control
        self._until = time.monotonic() + arguments.minutes * 60
        self._rounds = ROUNDS if arguments.minutes == 0 else 10_000
        self._hold = arguments.hold
        self._minute = time.monotonic()
        self._threads, self._peak = 0, 0
        self._probes, self._requests = [], 0
        self.broken = {promise: [] for promise in PROMISES}

    async def run(self):
        self._prepare()
        self._prober, self._worker = Client(self._port, scenes.probe), Client(self._port, scenes.work)
        await asyncio.sleep(3)
        self._take()
        self._say("alone")
        before = process.figures(self._pid)
        watching = asyncio.create_task(self._watch())
        left = []
        for number in range(1, self._rounds + 1):
            await self._round(number)
            figures = process.figures(self._pid)
            if figures["handles"] > before["handles"] + HANDLES:
                self.broken["handles"].append(f"{figures['handles']} after round {number}, {before['handles']} before")
            left.append(figures["memory"] // 1024)
            if number >= ROUNDS and time.monotonic() > self._until:
                break
        early, late = (statistics.median(half) for half in (left[:len(left) // 2], left[len(left) // 2:]))
        if late > early + MEMORY:
            self.broken["memory"].append(f"{late:.0f} MiB after the later rounds, {early:.0f} MiB after the first ones")
        watching.cancel()
        for client in self._prober, self._worker:
            self._judge(client.stop())
        if self._threads >= THREADS:
            self.broken["threads"].append(f"{self._threads}")
        self._end()

    async def _round(self, number):
        crowd = Crowd(self._port, "/slow")
        self._set(HANGS)
        crowd.come()
        await crowd.hold(self._hold)
        self._say(f"round {number}, all there")
        self._set(0)
        await crowd.finish()
        await crowd.go()
        until = time.monotonic() + 30
        while len(left := process.connections(self._port)) > 2 and time.monotonic() < until:
            await asyncio.sleep(0.2)
        if len(left) > 2:
            known = [crowd.ports[port] for port in left if port in crowd.ports]
            self.broken["connections"].append(f"{len(left)} after round {number}, of {known}")
        for promise, faults in crowd.broken.items():
            self.broken[promise if promise in PROMISES else "clients"] += faults
        self._say(f"round {number}, all gone")
        print(f"# {', '.join(f'{count} {what}' for what, count in sorted(crowd.counts.items()))}", flush=True)

    async def _watch(self):
        while True:
            await asyncio.sleep(0.5)
            self._threads = max(self._threads, process.figures(self._pid)["threads"])
            self._take()
            if time.monotonic() - self._minute >= 60:
                self._say("a minute")

    def _take(self):
        probes = self._prober.take()
        self._probes += probes
        self._judge(probes)
        self._judge(self._worker.take())

    def _judge(self, measured):
        self._requests += len(measured)
        self.broken["answers"] += [fault for _, fault in measured if fault]

    def _say(self, when):
        figures = process.figures(self._pid)
        median, late, longest = spread(self._probes)
        seconds = max(0.1, time.monotonic() - self._minute)
        print(
            f"# {time.strftime('%H:%M:%S')} {when}: {figures['memory'] // 1024} MiB, {figures['threads']} threads, {figures['handles']} handles, "
            f"{len(process.connections(self._port))} connections, {figures['processor']:.0f} s of processor; {self._requests / seconds:.0f} requests/s, "
            f"probes {median:.1f} / {late:.1f} / {longest:.1f} ms (median, 99 %, longest)", flush=True)
        self._minute, self._probes, self._requests = time.monotonic(), [], 0

    def _set(self, delay):
        with open(self._control + ".new", "w", encoding="ascii") as file:
            file.write(str(delay))
        os.rename(self._control + ".new", self._control)

    def _prepare(self):
        for name in "probe", "work", "held", "written", "tree":
            os.mkdir(os.path.join(self._root, name))
        self._write("probe/1k", 1024)
        self._write("large", LARGE)
        for i in range(2000):
            self._write(f"tree/a file with a name that fills the answer {i}", 10)

    def _write(self, name, size):
        with open(os.path.join(self._root, name), "wb") as file:
            file.truncate(size)

    def _end(self):
        seen = [name for name in os.listdir(self._root) if name.startswith("vanished") or name == "halves"]
        self.broken["vanished"] += seen
        for directory, count, size in ("written", 200, WRITTEN), ("held", HELD, 64 << 10):
            files = list(os.scandir(os.path.join(self._root, directory)))
            odd = [file.name for file in files if file.stat().st_size != size]
            if len(files) != count or odd:
                self.broken["_writes_slowly" if directory == "written" else "_held"].append(f"{len(files)} files, of another size: {odd}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--control", required=True)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--hold", type=float, default=9)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    load = Load(arguments)
    asyncio.run(load.run())
    for promise, text in PROMISES.items():
        broken = load.broken[promise]
        print(f"not ok\t{text}\t{len(broken)} times, first: {broken[0]}" if broken else f"ok\t{text}")
    return 1 if any(load.broken.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
