"""PROPPATCH; what a tree with properties costs to move; and the memory at the end."""

import os
import re
import time

from web.dav import NOTE, XML, Refused, check, set_note, wanted
from work.bench import medians, repeat, workload
from work.locks import release_locks, take_locks

LONGEST = 60


def set_notes(bench, names):
    """Sets a property on each file; how many a second."""
    connection, began = bench.connect(), time.monotonic()
    for i, name in enumerate(names):
        set_note(connection, bench.path(name), i)
        if time.monotonic() - began > LONGEST:
            raise Refused("timeout", "%d properties in %d s" % (i + 1, LONGEST))
    return len(names) / (time.monotonic() - began)


def notes_below(bench, name, depth):
    """The seconds of a PROPFIND for the property, and how many different values it gave."""
    reply = wanted(bench.ask("PROPFIND", name, {**XML, "Depth": depth}, NOTE), 207)
    return reply.total, len(set(re.findall(rb"value \d{5}", reply.body)))


@workload("noted")
def proppatch(bench):
    """One property each on many files, one after the other."""
    files = bench.sizes.properties
    rate = set_notes(bench, ["noted/f%05d.bin" % i for i in range(files)])
    seconds, found = medians(repeat(lambda _: notes_below(bench, "noted/", "1")))
    check(found == files, "%d of %d values read back" % (found, files))
    return {"ops_s": rate, "propfind_s": seconds}


@workload()
def after(bench):
    """The memory resident after all that."""
    return {"rss_kb": bench.server.process.resident()}


@workload("kept", "locks")
def move_kept(bench):
    """MOVE of a tree with a property on each of its files, and again while locks are held on files beside it."""
    names = kept_files(bench)
    set_notes(bench, names)
    os.sync()
    seconds, = medians(repeat(lambda _: (move_notes(bench, len(names)),)))
    connection = bench.connect()
    tokens = take_locks(bench, connection)
    beside, = medians(repeat(lambda _: (move_notes(bench, len(names)),)))
    release_locks(bench, connection, tokens)
    return {"seconds": seconds, "locks_beside_s": beside}


def kept_files(bench):
    """The tree's files, as paths below the fixtures."""
    return sorted(os.path.relpath(os.path.join(directory, name), bench.disk("")) for directory, _, names in os.walk(bench.disk("kept0"))
                  for name in names)


def move_notes(bench, files, fields=None):
    """Moves the tree kept0 to kept1, or back; the seconds. All properties must arrive."""
    source, destination = sorted(("kept0", "kept1"), key=lambda name: not os.path.exists(bench.disk(name)))
    reply = wanted(bench.ask("MOVE", source + "/", {"Destination": bench.url(destination + "/"), "Overwrite": "F", **(fields or {})}),
                   200, 201, 204)
    check(not os.path.exists(bench.disk(source)), "the source still exists")
    collections = [name for name in os.listdir(bench.disk(destination)) if not name.startswith(".")]
    found = sum(notes_below(bench, "%s/%s/" % (destination, name), "1")[1] for name in collections)
    check(found == files, "%d of %d properties arrived" % (found, files))
    return reply.total
