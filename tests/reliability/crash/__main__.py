"""Kills a server at random moments under a mixed load, and looks after each start whether it kept what it had confirmed.

Prints a line for each promise: `ok TAB promise`, or `not ok TAB promise TAB what broke it`; lines with # are for people.
"""

import argparse
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
        self._only = arguments.only
        self._server = process.Server(arguments.server, arguments.root, arguments.log)
        self.findings = load.Findings()
        self._contest = load.Contest()
        self._workers = [load.Worker(f"w{i}", self.findings, self._contest) for i in range(WORKERS)]
        self._judge = Judge(self._server, self._workers, self._contest, self.findings)
        self.in_flight = {}

    def run(self):
        self._server.start()
        connection = Connection(self._server.port)
        connection.ask("MKCOL", load.SHARED)
        connection.close()
        for kill in [self._only] if self._only else range(1, self._kills + 1):
            self._load(kill, killed=True)
            try:
                self._server.start()
            except RuntimeError as fault:
                self.findings.add("starts", f"kill {kill}: {fault}")
                return
            known = {promise: len(found) for promise, found in self.findings.broken.items()}
            self._judge.examine(self._chance(kill, "judge"))
            for promise, found in self.findings.broken.items():
                for what in found[known.get(promise, 0):]:
                    print(f"# kill {kill}: {promise}: {what}", flush=True)

        # And once without a kill: what the next start would put in order must be in order without it.
        self._load(self._kills + 1, killed=False)
        self._judge.examine(self._chance("end", "judge"), after_start=False)
        code = self._server.stop()
        if code != 0:
            self.findings.add("starts", f"the server stopped with {code}")

    def end(self):
        if self._server.is_running:
            self._server.kill()

    def _chance(self, *about):
        """Chance that the seed gives: the same for the same thing, whatever happened before."""
        return random.Random(" ".join(map(str, (self._seed, *about))))

    def _load(self, number, killed):
        stop = threading.Event()
        chance = self._chance(number, "kill")
        moment = load.Moment(self._workers, chance)
        threads = [
            threading.Thread(
                target=worker.run,
                args=(self._server.port, number, lambda *about, name=worker.name: self._chance(number, name, *about), stop, moment))
            for worker in self._workers
        ]
        for thread in threads:
            thread.start()
        moment.wait()
        time.sleep(chance.uniform(0, 0.004))
        stop.set()
        if killed:
            self._server.kill()
        for thread in threads:
            thread.join()
        for worker in self._workers:
            if worker.unanswered:
                method = worker.unanswered.method
                self.in_flight[method] = self.in_flight.get(method, 0) + 1


def show(counts):
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--only", type=int, default=0)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    campaign = Campaign(arguments)
    begin = time.monotonic()
    try:
        campaign.run()
    finally:
        campaign.end()

    print(f"# {1 if arguments.only else arguments.kills} kills in {time.monotonic() - begin:.0f} s; confirmed: {show(campaign.findings.done)}")
    print(f"# unanswered when killed: {show(campaign.in_flight)}")
    for promise, text in PROMISES.items():
        broken = campaign.findings.broken.get(promise, [])
        print(f"not ok\t{text}\t{len(broken)} times, first: {broken[0]}" if broken else f"ok\t{text}")
    return 1 if campaign.findings.broken else 0


if __name__ == "__main__":
    sys.exit(main())
