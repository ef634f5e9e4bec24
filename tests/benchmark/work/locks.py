"""LOCK and UNLOCK, and what locks cost others."""

import statistics
import time

from web.dav import ACTIVE_LOCK, ALL_PROPERTIES, XML, Refused, check, lock, responses, unlock, wanted
from work.bench import medians, repeat, workload
from work.writing import put_files

LONGEST = 20


@workload("locks")
def lock_cycles(bench):
    connection, path = bench.connect(), bench.path("locks/f00000.bin")
    token, _ = lock(connection, path)
    enforced = connection.ask("PUT", path, None, b"x" * 64).status
    unlock(connection, path, token)
    cycles, began = 0, time.monotonic()
    while cycles < bench.sizes.lock_cycles and time.monotonic() - began < 5:
        token, _ = lock(connection, path)
        unlock(connection, path, token)
        cycles += 1
    return {"cycles_s": cycles / (time.monotonic() - began), "put_without_token": enforced}


@workload("tree")
def lock_inf(bench):
    """A whole tree."""
    connection, tree, inside = bench.connect(), bench.path("tree/"), "tree/d00001/f00001.bin"
    with open(bench.disk(inside), "rb") as file:
        content = file.read()
    times, enforced = [], None
    for _ in range(5):
        token, seconds = lock(connection, tree, "infinity")
        times.append(seconds)
        if enforced is None:
            enforced = connection.ask("PUT", bench.path(inside), None, content).status
        unlock(connection, tree, token)
    return {"ms": statistics.median(times) * 1000, "put_without_token": enforced}


@workload("locks", "puts_locked")
def locks_1000(bench):
    """Many at a time: how quickly they are taken, and what a listing and other writes take meanwhile."""
    connection = bench.connect()
    unlocked, _ = list_locks(bench)
    began = time.monotonic()
    tokens = take_locks(bench, connection)
    taken = time.monotonic() - began
    locked, active = list_locks(bench)
    put = put_files(bench, "put_locked", min(500, bench.sizes.puts))
    began = time.monotonic()
    release_locks(bench, connection, tokens)
    released = time.monotonic() - began
    return {"locks_s": len(tokens) / taken, "unlocks_s": len(tokens) / released, "propfind_s": locked,
            "propfind_unlocked_s": unlocked, "activelocks": active, "put_files_s": put}


def list_locks(bench):
    """Seconds for a listing of the files that are locked, and how many locks it tells of."""
    def once(_):
        reply = wanted(bench.ask("PROPFIND", "locks/", {**XML, "Depth": "1"}, ALL_PROPERTIES), 207)
        check(responses(reply) == bench.sizes.locks + 1, "%d responses" % responses(reply))
        return reply.total, len(ACTIVE_LOCK.findall(reply.body))

    return medians(repeat(once))


def take_locks(bench, connection):
    tokens, began = [], time.monotonic()
    for i in range(bench.sizes.locks):
        tokens.append(lock(connection, bench.path("locks/f%05d.bin" % i))[0])
        if time.monotonic() - began > LONGEST:
            raise Refused("timeout", "%d locks in %d s" % (len(tokens), LONGEST))
    return tokens


def release_locks(bench, connection, tokens):
    for i, token in enumerate(tokens):
        unlock(connection, bench.path("locks/f%05d.bin" % i), token)
