"""Writes the page from what was measured, and from the sentences in notes.md."""

import os
import re
import sys

from page import tables
from page.figures import Figures
from page.plots import plot
from page.rows import full_titles
from results import IN_SWEEP

NOTES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "notes.md")
LEAST_DRAWN = 0.1  # MB: memory that grew less than that is drawn there.


def write_page(results, path):
    figures = Figures(results)
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    parts = [HEAD, taken(results, figures), GOALS, tables.goals(figures), SHORT, short(figures), ALL, tables.everything(figures)]
    if any(results.sweep(name) for name in IN_SWEEP):
        parts += [SIZES, draw(results, os.path.dirname(path)), tables.sweep(results, IN_SWEEP)]
    with open(path, "w") as file:
        file.write("\n\n".join(part.strip() for part in parts) + "\n")


def taken(results, figures):
    """How, when and with what it was measured."""
    facts = results.read("machine.json")
    times = sorted(row["at"] for row in results.rows())
    commits = sorted({row["commit"] for row in results.rows() if "commit" in row})
    return TAKEN % (max(map(len, figures.rounds.values())), times[0], times[-1], facts["cores"], facts["memory"], facts["system"],
                    ", ".join("%s %s" % pair for pair in facts["versions"].items()), " and ".join("`%s`" % commit for commit in commits))


def short(figures):
    """Each row that is short of its aim, and why."""
    notes, titles, lines = read_notes(), full_titles(), []
    for row in figures.short_of_aim():
        if row.key not in notes:
            print("notes.md says nothing of: %s" % row.key, file=sys.stderr)
        lines.append("- **%s.** %s" % (titles[row.key], notes.get(row.key, "Not explained yet.")))
    return "\n".join(lines) or "Nothing."


def read_notes():
    """By the key of a row, which is a heading in the file, what is written below it."""
    with open(NOTES) as file:
        sections = re.split(r"^## (.+)\n", file.read(), flags=re.MULTILINE)[1:]
    return {key.strip(): " ".join(text.split()) for key, text in zip(sections[::2], sections[1::2])}


def draw(results, directory):
    sweeps = {name: rows for name in IN_SWEEP if (rows := results.sweep(name))}
    images = os.path.join(directory, "images")
    os.makedirs(images, exist_ok=True)
    for name, title, unit, value in (
            ("time", "Time against entries of the tree", "s", lambda row: row["seconds"]),
            ("memory", "Growth of resident memory against entries", "MB", lambda row: max(LEAST_DRAWN, row["rss_growth_kb"] * 1.024 / 1000))):
        with open(os.path.join(images, "performance-%s.svg" % name), "w") as file:
            file.write(plot(sweeps, title, unit, value))
    return ("![Time against the size of a tree](images/performance-time.svg)\n\n"
            "![Growth of memory against the size of a tree](images/performance-memory.svg)")


HEAD = """
# Performance

This page is written by `tests/benchmark/run.sh`: the figures from what was measured, and the reasons for what is slow from
`tests/benchmark/notes.md`. Compare them with each other, and not with those of another machine or another day.

```sh
tests/benchmark/run.sh                                            # everything; 25 minutes on two cores
tests/benchmark/run.sh --rounds 1 --only put_seq --peers ours,nginx
tests/benchmark/run.sh --page-only                                # the page again, from what was measured
```
"""

TAKEN = """
## How it was measured

| | |
| --- | --- |
| rounds, of which the medians stand here | %d |
| time | %s to %s |
| processor | %s |
| memory | %s |
| system | %s |
| servers | %s |
| ours | commit %s, published for release with ReadyToRun, as the image has it |

Each server gets a fresh ext4 with a journal on a loop device, fresh state, and the same files, in each round. It listens on
loopback without TLS or users, runs as `www-data`, and logs no requests. Ours has all settings at their defaults but the log level:
atomic publishing, locks and conditions are on. The others are as Debian has them, with locks and properties where they have any and
deep PROPFIND where it can be allowed: `tests/benchmark/servers`.

Before each measurement the disk has written what is due, memory is at hand, and the files are in the kernel's cache. What is short is
done three times in a round, a MOVE fifteen times. Every status is checked, and what must then lie on the disk. A server that refuses
is *unsupported*, one that gives a wrong answer *fails*; neither has a time. The clients are `wrk` for small GETs, `curl` for large files, and for the rest
one that reads what comes and nothing more, on the same cores as the server. *Without a server* is the same work by `cat`, `dd`, `cp`,
`mv`, `rm` and `find`, and by a loop that writes files.

What the figures do not say: lighttpd copies by making hard links, which is no copy: later changes outside the server
change both. nginx's PROPFIND has few properties, and it has no deep one. The locks of nginx, rclone and Go's x/net are in memory,
those of rclone and Go's x/net are not told in `lockdiscovery`, and a restart loses all of them; Apache, lighttpd and ours keep them.
Apache and ours look at every member of a tree before they lock it, the others at none.
"""

GOALS = """
## What was aimed at

Where several servers are named, the best of them counts.
"""

SHORT = "## What is short of its aim, and why"

ALL = """
## All figures

The last two columns say how many times as good ours is: 2 is twice as fast, or half as much memory; below 1, the other one is better.
Hard links do not count as copies there. The rows with 1,000 waiting connections, with the access log, on XFS and Btrfs, and with
locks in the tree that is moved, are of ours alone. Those connections wait for 100 COPYs of 50,000 files that are held by a pause; each has
got 102s when memory is looked at, and memory is what has come since there were none, operations included. For the MOVE of a tree with
locks in it, `Limits:IfHeaderLength` is raised, so that 1,000 tokens fit. The access log goes to a file. On XFS
and Btrfs, *without a server* is `cp --reflink=always`.
"""

SIZES = """
## Against the size of a tree

One run: a tree of so many entries, in collections of 99 files of 16 bytes; all properties by PROPFIND, a deep LOCK, a COPY, and a
DELETE of the copy. Memory is how much more was resident at the peak than just before. *Too slow* is what would take more than three
minutes, by the size before it.
"""
