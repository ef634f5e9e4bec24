"""PUT, large and small."""

import os
import subprocess
import time

from machine.memory import settle
from web.client import PATIENCE, request_bytes
from web.dav import Refused, check, wanted
from web.lanes import Lanes
from work.bench import medians, repeat, workload

LONGEST = 25  # Seconds for one series of small files.


@workload("big")
def put_1g(bench):
    def once(i):
        settle(bench.sizes.big * 3 // 2)
        name = "put%d.bin" % i
        cpu = bench.cpu()
        said = subprocess.run(
            ["curl", "-s", "-o", "/dev/null", "-H", "Expect:", "-T", bench.fixtures.source, "-w", "%{http_code} %{time_total}",
             bench.url(name)], capture_output=True, text=True, timeout=PATIENCE).stdout.split()
        cpu = bench.cpu() - cpu
        check(said[0] in ("200", "201", "204"), "status " + said[0])
        check(bench.fixtures.same_as_source(name), "the file on disk differs")
        os.unlink(bench.disk(name))
        return float(said[1]), cpu

    seconds, cpu = medians(repeat(once))
    return {"gb_s": bench.sizes.big / 1e9 / seconds, "seconds": seconds, "cpu_each_s": cpu}


@workload("puts")
def put_seq(bench):
    """One after the other, over one connection."""
    settle()
    return {"files_s": medians(repeat(lambda i: (put_files(bench, "put_seq%d" % i, bench.sizes.puts),)))[0]}


def put_files(bench, collection, files):
    """New files a second."""
    connection, body = bench.connect(), os.urandom(bench.sizes.put_bytes)
    began = time.monotonic()
    for i in range(files):
        wanted(connection.ask("PUT", bench.path("%s/f%05d.bin" % (collection, i)), None, body), 200, 201, 204)
        if time.monotonic() - began > LONGEST:
            raise Refused("timeout", "%d files in %d s" % (i + 1, LONGEST))
    seconds = time.monotonic() - began
    bench.check_files(collection, files, bench.sizes.put_bytes)
    return files / seconds


@workload("puts")
def put_par(bench):
    """Over sixteen connections at once."""
    settle()
    return {"files_s": medians(repeat(lambda i: (put_over_lanes(bench, "put_par%d" % i),)))[0]}


def put_over_lanes(bench, collection):
    files, body = bench.sizes.puts, os.urandom(bench.sizes.put_bytes)
    host = "%s:%d" % bench.address
    left = (request_bytes(host, "PUT", bench.path("%s/f%05d.bin" % (collection, i)), None, body) for i in range(files))
    done = 0
    began = time.monotonic()
    with Lanes(bench.address, bench.sizes.lanes) as lanes:
        for lane in lanes.all:
            lane.send(next(left))
        while done < files:
            for lane in lanes.ready():
                answer = lane.receive()
                if answer is None:
                    continue
                if answer[0] not in (200, 201, 204):
                    raise Refused("fails", "status %d" % answer[0])
                done += 1
                if request := next(left, None):
                    lane.send(request)
                else:
                    lane.close()
            if time.monotonic() - began > LONGEST:
                raise Refused("timeout", "%d files in %d s" % (done, LONGEST))
        seconds = time.monotonic() - began
    bench.check_files(collection, files, bench.sizes.put_bytes)
    return files / seconds
