"""What is measured of ours alone, each with a server and a disk of its own."""

import os
import statistics
import time

from servers.kinds import QUIET
from web.dav import check, lock, wanted
from work.bare import shell
from work.bench import medians, repeat
from work.held import hold
from work.properties import kept_files, move_notes, set_notes
from work.reading import get_small
from work.writing import put_seq

TOKENS_OF_A_THOUSAND = "--Limits:IfHeaderLength=98304"
SOON = ("--KeepAlive:FirstAfter=00:00:01", "--KeepAlive:Interval=00:00:01")


def access_log(stage, ours):
    """Small GETs and PUTs with the access log, which goes to a file, and without it."""
    figures = {}
    for name, options in (("off", (QUIET,)), ("on", ())):
        with stage.disks.fresh() as disk:
            bench = stage.bench(disk, ours, ("small", "puts"), options)
            with bench.server as server:
                server.start()
                figures |= {"get_%s_s" % name: get_small(bench)["req_s"], "put_%s_s" % name: put_seq(bench)["files_s"]}
    return figures | {"%s_lost" % what: 100 * (1 - figures["%s_on_s" % what] / figures["%s_off_s" % what]) for what in ("get", "put")}


def move_locked(stage, ours):
    """MOVE of a tree with properties and a thousand locks below it, all of whose tokens come in one If header."""
    with stage.disks.fresh() as disk:
        bench = stage.bench(disk, ours, ("kept",), (QUIET, TOKENS_OF_A_THOUSAND))
        with bench.server as server:
            server.start()
            names = kept_files(bench)
            set_notes(bench, names)
            connection = bench.connect()

            def once(_):
                top = "kept0" if os.path.exists(bench.disk("kept0")) else "kept1"
                paths = [bench.path(top + name[len(top):]) for name in names[:bench.sizes.locks]]
                conditions = ("<%s> (%s)" % (path, lock(connection, path)[0]) for path in paths)
                return (move_notes(bench, len(names), {"If": " ".join(conditions)}),)

            seconds, = medians(repeat(once))
            return {"seconds": seconds, "locks": bench.sizes.locks}


def clone_xfs(stage, ours):
    return clone(stage, ours, "xfs")


def clone_btrfs(stage, ours):
    return clone(stage, ours, "btrfs")


def clone(stage, ours, kind):
    """COPY of the large file where the file system can share its content, and `cp --reflink=always` beside it."""
    with stage.disks.fresh(kind) as disk:
        bench = stage.bench(disk, ours, ("big",))
        with bench.server as server:
            server.start()

            def copy(i):
                os.sync()
                free = free_bytes(disk)
                reply = wanted(bench.transfer("COPY", "big.bin", "copied%d.bin" % i), 201)
                check(bench.fixtures.same_as_source("copied%d.bin" % i), "the file on disk differs")
                os.sync()
                return reply.total, free - free_bytes(disk)

            def bare(i):
                os.sync()
                return shell("cp --reflink=always %s %s" % (bench.disk("big.bin"), bench.disk("bare%d.bin" % i)))

            seconds, taken = medians(repeat(copy))
            return {"seconds": seconds, "taken_kb": taken / 1024, "cp_s": statistics.median(repeat(bare))}


def free_bytes(path):
    state = os.statvfs(path)
    return state.f_bavail * state.f_frsize


def held(stage, ours):
    """Connections that wait for long operations and get 102s meanwhile: threads, and memory each."""
    with stage.disks.fresh() as disk:
        bench = stage.bench(disk, ours, ("deep",), (QUIET, *SOON))
        with bench.server as server:
            server.start()
            return hold(bench)


ALONE = {function.__name__: function for function in (access_log, move_locked, clone_xfs, clone_btrfs, held)}


def measure(name, stage, ours):
    began = time.monotonic()
    row = {"at": time.strftime("%F %T"), "result": "ok"}
    try:
        row |= ALONE[name](stage, ours)
    except Exception as fault:  # Whatever it is, the other rows are still wanted; it stands in this one.
        row |= {"result": getattr(fault, "result", "fails"), "detail": "%s: %s" % (type(fault).__name__, fault)}
    return row | {"wall_s": round(time.monotonic() - began, 3)}
