"""GET and PROPFIND."""

import re
import subprocess

from web.client import PATIENCE
from web.dav import ALL_PROPERTIES, XML, Refused, check, responses, wanted
from work.bench import medians, repeat, workload

MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}


@workload("small")
def get_small(bench):
    """1 KiB again and again, over 32 connections."""
    name = "small/f00000.bin"
    with open(bench.disk(name), "rb") as file:
        check(wanted(bench.connect().ask("GET", bench.path(name)), 200).body == file.read(), "wrong content")
    cpu = bench.cpu()
    said = subprocess.run(["wrk", "-t2", "-c32", "-d%ds" % bench.sizes.load_seconds, "--latency", bench.url(name)],
                          capture_output=True, text=True, timeout=30, check=True).stdout
    cpu = bench.cpu() - cpu
    if wrong := re.search("Non-2xx.*", said):
        raise Refused("fails", wrong[0])

    def latency(percent):
        value, unit = re.search(r"\s%d%%\s+([\d.]+)(us|ms|s)" % percent, said).groups()
        return float(value) * MILLISECONDS[unit]

    broken = re.search("Socket errors: (.*)", said)
    requests = int(re.search(r"(\d+) requests in", said)[1])
    return {"req_s": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), "cpu_us_each": cpu / requests * 1e6,
            "p50_ms": latency(50), "p99_ms": latency(99), "socket_errors": broken and broken[1]}


@workload("big")
def get_1g(bench):
    def once(_):
        cpu = bench.cpu()
        said = subprocess.run(
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{size_download} %{time_total} %{time_starttransfer}",
             bench.url("big.bin")], capture_output=True, text=True, timeout=PATIENCE).stdout.split()
        check(said[:2] == ["200", str(bench.sizes.big)], "status %s, %s bytes" % (said[0], said[1]))
        return float(said[2]), float(said[3]), bench.cpu() - cpu

    seconds, first, cpu = medians(repeat(once))
    return {"gb_s": bench.sizes.big / 1e9 / seconds, "seconds": seconds, "first_s": first, "cpu_each_s": cpu}


@workload("flat")
def propfind_flat(bench):
    """All properties of one collection's files."""
    def once(_):
        reply = wanted(bench.ask("PROPFIND", "flat/", {**XML, "Depth": "1"}, ALL_PROPERTIES), 207)
        check(responses(reply) == bench.sizes.flat + 1, "%d responses" % responses(reply))
        return reply.total, reply.first, len(reply.body)

    seconds, first, size = medians(repeat(once))
    return {"seconds": seconds, "first_s": first, "bytes": size}


@workload("deep")
def propfind_inf(bench):
    """All properties of a whole tree."""
    reply = bench.ask("PROPFIND", "deep/", {**XML, "Depth": "infinity"}, ALL_PROPERTIES)
    if reply.status != 207:
        raise Refused("unsupported", "status %d" % reply.status)
    expected = bench.sizes.deep_dirs * (bench.sizes.deep_files + 1) + 1
    check(responses(reply) == expected, "207 with %d responses of %d" % (responses(reply), expected))
    return {"seconds": reply.total, "first_s": reply.first, "bytes": len(reply.body)}
