"""Kills a server at random moments under a mixed load, and looks after each start whether it kept what it had confirmed.

Prints a line for each promise: `ok TAB promise`, or `not ok TAB promise TAB what broke it`; lines with # are for people.
"""

import argparse
import os
import random
import signal
import sys
import threading
import time

import load
import server as process
from dav import Connection
from judge import Judge

WORKERS = 6
LOAD_SECONDS = 1.0
PACE_SECONDS = 0.002

PROMISES = {
    "starts": "the server starts again after each kill",
    "answers": "every request is answered as the model says",
    "locks": "no confirmed lock is lost",
    "doubled": "no lock and no property is doubled",
    "properties": "no confirmed property is lost",
    "writes": "no confirmed write is lost, and nothing is done by half",
    "halves": "no half file has a real name",
    "orphans": "no property and no lock is kept of what is gone",
    "staging": "nothing unfinished is left after a start",
    "guard": "the locks guard, before a kill and after it",
}


class Campaign:
    def __init__(self, arguments):
        self._seed = arguments.seed
        self._kills = arguments.kills
        self._random = random.Random(arguments.seed)
        self._server = process.Server(arguments.server, arguments.root, arguments.log)
        self.findings = load.Findings()
        self._contest = load.Contest()
        self._workers = [load.Worker(f"w{i}", self.findings, self._contest) for i in range(WORKERS)]
        self._judge = Judge(self._server, self._workers, self._contest, self.findings, self._random)
        self.in_flight = {}

    def run(self):
        self._server.start()
        connection = Connection(self._server.port)
        connection.ask("MKCOL", load.SHARED)
        connection.close()
        for kill in range(1, self._kills + 1):
            self._load(kill, killed=True)
            try:
                self._server.start()
            except RuntimeError as fault:
                self.findings.add("starts", f"kill {kill}: {fault}")
                return
            known = {promise: len(found) for promise, found in self.findings.broken.items()}
            self._judge.examine()
            for promise, found in self.findings.broken.items():
                for what in found[known.get(promise, 0):]:
                    print(f"# kill {kill}: {promise}: {what}", flush=True)

        # And once without a kill: what the next start would put in order must be in order without it.
        self._load(self._kills + 1, killed=False)
        self._judge.examine(after_start=False)
        code = self._server.stop()
        if code != 0:
            self.findings.add("starts", f"the server stopped with {code}")

    def end(self):
        if self._server.is_running:
            self._server.kill()

    def _load(self, number, killed):
        stop = threading.Event()
        threads = [
            threading.Thread(
                target=worker.run,
                args=(self._server.port, random.Random(f"{self._seed} {number} {worker.name}"), stop, PACE_SECONDS))
            for worker in self._workers
        ]
        for thread in threads:
            thread.start()
        time.sleep(self._random.uniform(0.2, LOAD_SECONDS))
        if killed:
            self._aim()
        stop.set()
        if killed:
            self._server.kill()
        for thread in threads:
            thread.join()
        for worker in self._workers:
            if worker.unanswered:
                method = worker.unanswered.method
                self.in_flight[method] = self.in_flight.get(method, 0) + 1

    def _aim(self):
        """Every other time the moment is one in the middle of a request that has several steps."""
        if self._random.random() < 0.5:
            return

        wanted = self._random.choice(["MOVE", "COPY", "DELETE", "LOCK"])
        until = time.monotonic() + 1
        while time.monotonic() < until and all(worker.busy_with != wanted for worker in self._workers):
            time.sleep(0.0002)
        time.sleep(self._random.uniform(0, 0.004))


def show(counts):
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)))
    parser.add_argument("--kills", type=int, default=20)
    arguments = parser.parse_args()
    print(f"# seed {arguments.seed}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    campaign = Campaign(arguments)
    begin = time.monotonic()
    try:
        campaign.run()
    finally:
        campaign.end()

    print(f"# {arguments.kills} kills in {time.monotonic() - begin:.0f} s; confirmed: {show(campaign.findings.done)}")
    print(f"# unanswered when killed: {show(campaign.in_flight)}")
    for promise, text in PROMISES.items():
        broken = campaign.findings.broken.get(promise, [])
        print(f"not ok\t{text}\t{len(broken)} times, first: {broken[0]}" if broken else f"ok\t{text}")
    return 1 if campaign.findings.broken else 0


if __name__ == "__main__":
    sys.exit(main())
