"""The rows of the page, and what is aimed at in them."""

from dataclasses import dataclass
from typing import Callable

TITLES = {"apache": "Apache", "nginx": "nginx", "lighttpd": "lighttpd", "rclone": "rclone", "goxnet": "Go x/net"}


@dataclass(frozen=True)
class Goal:
    """A figure to reach. `of` gets a function from a server's name to its figure in the row, and may give None."""

    text: str
    of: Callable


@dataclass(frozen=True)
class Row:
    title: str
    workload: str
    figure: str
    unit: str
    more_is_better: bool = False
    least: Goal | None = None
    aim: Goal | None = None
    compared: bool = True  # Whether more or less of it is better at all.
    bare: tuple | None = None  # Server, workload and figure of the same work without a server, where they are others.

    @property
    def key(self):
        return "%s %s" % (self.workload, self.figure)

    @property
    def place_of_bare(self):
        return self.bare or ("bare", self.workload, self.figure)

    def reaches(self, value, goal):
        return value >= goal if self.more_is_better else value <= goal


def best(*names):
    """The better one of some servers."""
    def of(row, figure):
        found = [value for name in names if (value := figure(name)) is not None]
        return (max if row.more_is_better else min)(found) if found else None

    return Goal(" or ".join(TITLES[name] for name in names), of)


def times(factor, name, title=None):
    def of(_, figure):
        value = figure(name)
        return None if value is None else factor * value

    return Goal(("" if factor == 1 else "%g × " % factor) + (title or TITLES[name]), of)


def bare(command, factor=1):
    return times(factor, "bare", "`%s`" % command)


def fixed(value):
    return Goal("", lambda *_: value)


def megabytes(value):
    return fixed(value * 1e6 / 1024)  # As the kernel counts: in KiB.


MV = ("bare", "move_tree", "seconds")

ROWS = (
    Row("GET 1 KiB, 32 connections", "get_small", "req_s", "/s", True, best("goxnet", "apache"), best("nginx")),
    Row("– processor time each", "get_small", "cpu_us_each", "µs"),
    Row("– median latency", "get_small", "p50_ms", "ms"),
    Row("– 99 % are quicker than", "get_small", "p99_ms", "ms"),
    Row("GET 1 GiB", "get_1g", "gb_s", "GB/s", True, best("goxnet", "nginx"), best("lighttpd")),
    Row("– processor time each", "get_1g", "cpu_each_s", "s"),
    Row("PUT 1 GiB", "put_1g", "gb_s", "GB/s", True, best("goxnet", "nginx"), best("lighttpd")),
    Row("– processor time each", "put_1g", "cpu_each_s", "s"),
    Row("PUT 4 KiB, one connection", "put_seq", "files_s", "/s", True, best("lighttpd"), best("nginx")),
    Row("PUT 4 KiB, 16 connections", "put_par", "files_s", "/s", True, best("lighttpd"), best("nginx")),
    Row("PROPFIND Depth 1, 10,000 files", "propfind_flat", "seconds", "s", False, best("lighttpd"), bare("find", 2)),
    Row("– first byte after", "propfind_flat", "first_s", "s"),
    Row("– size of the answer", "propfind_flat", "bytes", "B", compared=False),
    Row("PROPFIND Depth infinity, 50,000 files", "propfind_inf", "seconds", "s", False, best("rclone", "apache"), bare("find", 2)),
    Row("– first byte after", "propfind_inf", "first_s", "s", False, None, fixed(0.005)),
    Row("– size of the answer", "propfind_inf", "bytes", "B", compared=False),
    Row("– growth of resident memory", "propfind_inf", "rss_growth_kb", "KiB", compared=False),
    Row("COPY of 10,000 files of 4 KiB", "copy_tree", "seconds", "s", False, best("apache"), bare("cp -r", 0.7)),
    Row("COPY of 1 GiB", "copy_1g", "seconds", "s", False, best("nginx"), bare("cp")),
    Row("– processor time each", "copy_1g", "cpu_each_s", "s"),
    Row("MOVE of a tree of 10,000 files", "move_tree", "seconds", "s", False, bare("mv"), fixed(0.001)),
    Row("– with 10,000 properties in it", "move_kept", "seconds", "s", False, None, fixed(0.001), bare=MV),
    Row("– and 1,000 locks held on files beside it", "move_kept", "locks_beside_s", "s", False, None, fixed(0.001), bare=MV),
    Row("– and 1,000 locks in it, all tokens sent", "move_locked", "seconds", "s", False, None, fixed(0.001), bare=MV),
    Row("DELETE of such a tree", "delete_tree", "seconds", "s", False, best("lighttpd"), bare("rm -rf")),
    Row("LOCK and UNLOCK", "lock_cycles", "cycles_s", "/s", True, times(3, "apache"), best("rclone")),
    Row("LOCK Depth infinity of such a tree", "lock_inf", "ms", "ms", False, best("apache"), fixed(20)),
    Row("1,000 LOCKs", "locks_1000", "locks_s", "/s", True),
    Row("– PROPFIND of the locked files", "locks_1000", "propfind_s", "s"),
    Row("– PROPFIND before they were locked", "locks_1000", "propfind_unlocked_s", "s"),
    Row("– locks that it tells of", "locks_1000", "activelocks", "", compared=False),
    Row("– PUT 4 KiB elsewhere meanwhile", "locks_1000", "put_files_s", "/s", True),
    Row("PROPPATCH", "proppatch", "ops_s", "/s", True, times(3, "lighttpd"), times(10, "lighttpd")),
    Row("– PROPFIND of 1,000 such properties", "proppatch", "propfind_s", "s"),
    Row("Start to the first answer", "startup", "ms", "ms", False, fixed(200), fixed(90)),
    Row("Resident memory, idle", "startup", "idle_rss_kb", "KiB", False, megabytes(60), megabytes(40)),
    Row("Resident memory at the end of all that", "after", "rss_kb", "KiB", False, megabytes(150), megabytes(80)),
    Row("1,000 connections that wait and get 102s: memory each", "held", "kb_each", "KiB", False, megabytes(0.05), megabytes(0.01)),
    Row("– threads more than before, each", "held", "threads_each", "", False, fixed(0.1)),
    Row("GET 1 KiB without and with our access log: requests lost", "access_log", "get_lost", "%"),
    Row("PUT 4 KiB without and with our access log: files lost", "access_log", "put_lost", "%"),
    Row("COPY of 1 GiB on XFS", "clone_xfs", "seconds", "s", bare=("ours", "clone_xfs", "cp_s")),
    Row("– space that it takes", "clone_xfs", "taken_kb", "KiB", False, None, megabytes(10), compared=False),
    Row("COPY of 1 GiB on Btrfs", "clone_btrfs", "seconds", "s", bare=("ours", "clone_btrfs", "cp_s")),
    Row("– space that it takes", "clone_btrfs", "taken_kb", "KiB", False, None, megabytes(10), compared=False),
    Row("Peak memory of PROPFIND of 1,000,000 entries, above that of 10,000", "sweep", "propfind_kb", "KiB", False, megabytes(16)),
    Row("Peak memory of COPY of 1,000,000 entries, above that of 10,000", "sweep", "copy_kb", "KiB", False, megabytes(16)),
)


def full_titles():
    """By key: a row that begins with a dash says more of the one above it."""
    titles, above = {}, ""
    for row in ROWS:
        if not row.title.startswith("– "):
            above = row.title
        titles[row.key] = above if row.title == above else "%s: %s" % (above, row.title[2:])
    return titles
