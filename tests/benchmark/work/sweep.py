"""Time and memory against the size of a tree. The servers take turns on one tree, so that it is made once for each size."""

import os
import shutil
import time

from machine.memory import settle
from servers.server import Server
from servers.site import Site
from web.client import ask_once
from web.dav import ALL_PROPERTIES, EXCLUSIVE, XML, check, responses, wanted
from work.bench import Bench
from work.fixtures import Fixtures, count, make_tree

EACH = 100  # Entries of a collection, with itself.
PATIENCE = 180  # Seconds for one request; what must be expected to take longer is not tried.


def propfind(bench, entries):
    reply = wanted(bench.long("PROPFIND", "tree/", {**XML, "Depth": "infinity"}, ALL_PROPERTIES), 207)
    check(responses(reply) == entries + 1, "207 with %d responses of %d" % (responses(reply), entries + 1))
    return reply


def copy(bench, entries):
    reply = wanted(bench.long("COPY", "tree/", {"Destination": bench.url("copied/"), "Overwrite": "F"}), 201)
    check(count(bench.disk("copied"))[0] == entries // EACH * (EACH - 1), "the copy is not whole")
    return reply


def lock(bench, _):
    reply = wanted(bench.long("LOCK", "tree/", {**XML, "Depth": "infinity", "Timeout": "Second-600"}, EXCLUSIVE), 200)
    wanted(bench.long("UNLOCK", "tree/", {"Lock-Token": reply.fields["lock-token"]}), 204)
    return reply


def delete(bench, _):
    """Of the copy, so that the tree is there for the next server."""
    reply = wanted(bench.long("DELETE", "copied/"), 204)
    check(not os.path.exists(bench.disk("copied")), "the tree still exists")
    return reply


STEPS = {function.__name__: function for function in (propfind, lock, copy, delete)}


class LongBench(Bench):
    """One whose requests may take minutes."""

    def long(self, method, name, fields=None, body=b""):
        return ask_once(self.address, method, self.path(name), fields, body, PATIENCE)


def sweep(stage, kinds, keep):
    """Measures all sizes; `keep` is given each server's name, the operation, the size and the row."""
    expected = {}  # By server and operation, the seconds for an entry.
    for entries in stage.sizes.sweep:
        with stage.disks.fresh("many") as disk:
            site = Site.on(disk, stage.user)
            fixtures = Fixtures(site, stage.sizes, stage.source)
            with site.as_user():
                make_tree(fixtures.path("tree"), entries // EACH, EACH - 1, 16)
            for kind in kinds:
                bench = LongBench(Server(kind, site.beside(kind.name)), fixtures)
                with bench.server as server:
                    server.start()
                    warm_up(bench)
                    for name in STEPS:
                        if name == "delete" and row["result"] != "ok":
                            continue  # There is no copy to delete.
                        row = measure(bench, name, entries, expected.get((kind.name, name), 0) * entries)
                        keep(kind.name, name, entries, row)
                        if row["result"] == "ok":
                            expected[kind.name, name] = row["seconds"] / entries
                shutil.rmtree(fixtures.path("copied"), ignore_errors=True)


def measure(bench, name, entries, expected):
    if expected > PATIENCE:
        return {"at": time.strftime("%F %T"), "result": "too slow", "detail": "it would take %d s" % expected}
    settle()
    return bench.measure(lambda bench: figures(STEPS[name](bench, entries)))


def warm_up(bench):
    """All code that is needed has run before memory is looked at."""
    for _ in range(3):
        bench.long("PROPFIND", "tree/d00000/", {**XML, "Depth": "infinity"}, ALL_PROPERTIES)
        reply = bench.long("LOCK", "tree/d00000/", {**XML, "Depth": "infinity", "Timeout": "Second-600"}, EXCLUSIVE)
        bench.long("UNLOCK", "tree/d00000/", {"Lock-Token": reply.fields["lock-token"]})
        bench.long("COPY", "tree/d00000/", {"Destination": bench.url("warm/")})
        bench.long("DELETE", "warm/")


def figures(reply):
    return {"seconds": reply.total, "first_s": reply.first}
