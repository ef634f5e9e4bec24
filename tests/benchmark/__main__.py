"""Measures this server beside others, and writes the page about it. It is run by run.sh, which installs and builds what is needed."""

import os
import shlex
import shutil
import signal
import statistics
import sys
import tempfile
import time

from machine import facts
from machine.disk import Disks
from options import ALL, REPOSITORY, read_options
from page.page import write_page
from results import IN_SWEEP, Results
from servers.kinds import goxnet, kinds
from sizes import FULL, SMALL
from work import ORDER, WORKLOADS, alone
from work.bare import Bare
from work.bench import Stage
from work.fixtures import REPEATS, make_source
from work.sweep import sweep


def main():
    options = read_options()
    os.umask(0o022)  # The servers' users must be able to read what is made for them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # Nothing stays mounted or running.
    results = Results(options.results)
    if not options.page_only:
        if not (options.only or options.peers):
            results.clear()
        with tempfile.TemporaryDirectory(prefix="webdav-benchmark-", dir=options.work) as work:
            os.chmod(work, 0o755)
            run(options, results, work)
    if not results.rows():
        sys.exit("nothing was measured")
    write_page(results, options.page)
    return report_faults(results)


def run(options, results, work):
    sizes = SMALL if options.small else FULL
    if not options.ours:  # Other users must be able to read the program, wherever the repository lies.
        shutil.copytree(options.server, os.path.join(work, "server"), copy_function=install)
    all_kinds = kinds(shlex.split(options.ours or os.path.join(work, "server", "WebDavServer")), work)
    chosen = options.peers or [*all_kinds, "bare"]
    if "goxnet" in chosen:
        goxnet(work)
    versions = {kind.title: facts.version(kind) for kind in all_kinds.values() if kind.name in chosen}
    results.write("machine.json", facts.machine() | {"versions": (results.read("machine.json") or {}).get("versions", {}) | versions})
    source = os.path.join("/dev/shm", os.path.basename(work))
    make_source(source, sizes.big)
    try:
        stage = Stage(Disks(work, not options.no_disk), sizes, source, options.user)
        wanted = [name for name in options.only or ALL if name != "sweep" or not options.no_sweep]
        run_rounds(options.rounds, stage, [all_kinds.get(name) for name in chosen], wanted, results)
        if "sweep" in wanted:
            sweep(stage, [all_kinds[name] for name in IN_SWEEP if name in chosen], lambda name, step, entries, row: keep(
                results, name, "sweep", "%s %d" % (step, entries), row))
    finally:
        os.unlink(source)


def starts(server):
    """Seconds until the first answer, the median of some starts; the last one stays."""
    seconds = [server.start()]
    while len(seconds) < REPEATS:
        server.stop()
        seconds.append(server.start())
    return statistics.median(seconds)


def install(source, target):
    """The kernel reads it from the disk at its first start, as it did the other servers."""
    shutil.copy2(source, target)
    with open(target, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def run_rounds(rounds, stage, chosen, wanted, results):
    """`chosen` are kinds of servers, and None for the machine without one."""
    for kind in chosen:
        results.forget(kind.name if kind else "bare", wanted)
    for turn in range(1, rounds + 1):
        for kind in chosen:
            name = kind.name if kind else "bare"

            def keep_row(workload, row):
                keep(results, name, turn, workload, row)

            if kind is None:
                run_bare(stage, wanted, keep_row)
            elif set(wanted) & {"startup", *ORDER}:
                run_server(stage, kind, wanted, keep_row)
            if name == "ours":
                for workload in alone.ALONE:
                    if workload in wanted:
                        keep_row(workload, alone.measure(workload, stage, kind))


def run_server(stage, kind, wanted, keep_row):
    workloads, fixtures = needed(wanted)
    with stage.disks.fresh() as disk:
        bench = stage.bench(disk, kind, fixtures)
        with bench.server as server:
            row = {"at": time.strftime("%F %T"), "result": "ok"}
            try:
                row["ms"] = starts(server) * 1000
            except RuntimeError as fault:
                keep_row("startup", row | {"result": "fails", "detail": str(fault)})
                return
            time.sleep(1)
            if "startup" in wanted:
                keep_row("startup", row | {"idle_rss_kb": server.process.resident(), "processes": len(server.process.family())})
            for workload in workloads:
                keep_row(workload, bench.measure(WORKLOADS[workload]))


def run_bare(stage, wanted, keep_row):
    workloads, fixtures = needed(wanted)
    with stage.disks.fresh() as disk:
        bare = Bare(stage.prepare(disk, fixtures))
        for workload in workloads:
            if row := bare.measure(workload):
                keep_row(workload, row)


def needed(wanted):
    """The workloads in their order, and the fixtures for all of them."""
    workloads = [workload for workload in ORDER if workload in wanted]
    return workloads, [fixture for workload in workloads for fixture in WORKLOADS[workload].fixtures]


def keep(results, server, turn, name, row):
    if server == "ours":
        row["commit"] = facts.commit(REPOSITORY)
    results.keep(server, turn, name, row)
    told = {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items() if key not in ("at", "commit")}
    print(time.strftime("%T"), server, turn, name, told, flush=True)


def report_faults(results):
    """What our own server did not do is a failure of the run; a peer's is a figure like another."""
    rows = [item for rows in results.rounds("ours") for item in rows.items()]
    rows += (results.read("ours-sweep.json") or {}).items()
    wrong = [(name, row["detail"]) for name, row in rows if row["result"] != "ok"]
    for name, detail in wrong:
        print("ours did not do %s: %s" % (name, detail), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
