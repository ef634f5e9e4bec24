"""What a workload is given, and how one is run: a server with its fixtures, and rows that say what came of it."""

import os
import statistics
import time

from machine.memory import settle
from servers.site import Site
from servers.server import Server
from web.client import Connection, Cut, ask_once
from web.dav import Refused, check
from work.fixtures import REPEATS, Fixtures, count

REPEAT_UNTIL = 15  # Seconds after which a workload is not repeated.
WORKLOADS = {}


def workload(*fixtures):
    """Marks a function from a Bench to figures as a workload that needs these fixtures."""
    def keep(function):
        function.fixtures = fixtures
        WORKLOADS[function.__name__] = function
        return function
    return keep


class Bench:
    def __init__(self, server, fixtures):
        self.server, self.fixtures, self.sizes = server, fixtures, fixtures.sizes
        self.address = server.site.address
        self.base = "http://%s:%d" % self.address

    def path(self, name=""):
        return "/bench/" + name

    def url(self, name):
        return self.base + self.path(name)

    def disk(self, name):
        return self.fixtures.path(name)

    def ask(self, method, name, fields=None, body=b""):
        return ask_once(self.address, method, self.path(name), fields, body)

    def transfer(self, method, source, destination):
        """A COPY or MOVE that replaces nothing."""
        return self.ask(method, source, {"Destination": self.url(destination), "Depth": "infinity", "Overwrite": "F"})

    def connect(self):
        return Connection(self.address)

    def cpu(self):
        return self.server.process.cpu()

    def check_files(self, name, files, size_each):
        found = count(self.disk(name))
        check(found[0] >= files and found[1] >= files * size_each, "on disk in %s: %d files of %d bytes" % (name, *found))

    def same_inode(self, one, other):
        return os.stat(self.disk(one)).st_ino == os.stat(self.disk(other)).st_ino

    def measure(self, function):
        """The row of a workload. What a server refuses or gets wrong has a result and no figures."""
        if not self.server.alive():
            self.server.start()
        time.sleep(0.2)
        process = self.server.process
        process.forget_peak()
        before, cpu, began = process.resident(), process.cpu(), time.monotonic()
        row = {"at": time.strftime("%F %T")}
        try:
            row |= {"result": "ok", **function(self)}
        except Refused as refused:
            row |= {"result": refused.result, "detail": str(refused)}
        except TimeoutError as late:
            row |= {"result": "timeout", "detail": str(late)}
        except (Cut, OSError, ValueError, IndexError, KeyError) as fault:
            row |= {"result": "fails", "detail": "%s: %s" % (type(fault).__name__, fault)}
        row["wall_s"] = round(time.monotonic() - began, 3)
        time.sleep(0.05)
        if self.server.alive():
            row |= {"cpu_s": round(process.cpu() - cpu, 2), "rss_before_kb": before, "rss_peak_kb": process.peak()}
            row["rss_growth_kb"] = row["rss_peak_kb"] - before
        else:
            row["died"] = True
        if row["result"] == "timeout":
            self._wait_until_idle()
        return row

    def _wait_until_idle(self):
        """What still runs in the server is not to slow the next workload."""
        last = self.cpu()
        for _ in range(20):
            time.sleep(1)
            now = self.cpu()
            if now - last < 0.05:
                return
            last = now


class Stage:
    """Where servers are measured: fresh disks, and the sizes and the content of what is on them."""

    def __init__(self, disks, sizes, source, user):
        self.disks, self.sizes, self.source, self.user = disks, sizes, source, user

    def prepare(self, disk, names):
        fixtures = Fixtures(Site.on(disk, self.user), self.sizes, self.source)
        fixtures.make(names)
        settle()
        return fixtures

    def bench(self, disk, kind, names, options=None):
        """A server over a disk with fixtures, not yet started."""
        fixtures = self.prepare(disk, names)
        return Bench(Server(kind, fixtures.site, options), fixtures)


def repeat(once, times=REPEATS):
    """What a function from the number of the try gives: three times, or so many, while that is quick."""
    results, until = [], time.monotonic() + REPEAT_UNTIL
    while len(results) < times and (not results or time.monotonic() < until):
        results.append(once(len(results)))
    return results


def medians(results):
    """Of tuples, the median of each place."""
    return [statistics.median(column) for column in zip(*results)]
