"""What can be chosen on the command line."""

import argparse
import os

from page.rows import TITLES
from work import ORDER, alone

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ALL = ("startup", *ORDER, *alone.ALONE, "sweep")


def read_options():
    parser = argparse.ArgumentParser(prog="run.sh", description="Measures this server beside others, and writes the page about it.")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured, the servers in turn (3)")
    parser.add_argument("--peers", type=some_of("ours", *TITLES, "bare"), help="only these of ours,%s,bare" % ",".join(TITLES))
    parser.add_argument("--only", type=some_of(*ALL), help="only these workloads: " + ",".join(ALL))
    parser.add_argument("--no-sweep", action="store_true", help="not time and memory against the size of a tree")
    parser.add_argument("--page-only", action="store_true", help="measure nothing, and write the page anew")
    parser.add_argument("--small", action="store_true", help="a little of everything, to see that it works")
    parser.add_argument("--no-disk", action="store_true", help="in plain directories, not on file systems of their own")
    parser.add_argument("--user", default="www-data", help="whom the servers run as (www-data)")
    parser.add_argument("--ours", help="the command that starts our server")
    parser.add_argument("--work", help="where the file systems' images lie (the system's directory for temporary files)")
    parser.add_argument("--results", help="where the JSON goes (artifacts/benchmark/results)")
    parser.add_argument("--page", help="the page to write (docs/performance.md)")
    options = parser.parse_args()
    artifacts = os.path.join(REPOSITORY, "artifacts/benchmark")
    options.server = os.path.join(artifacts, "server")
    options.results = options.results or os.path.join(artifacts, "small" if options.small else "results")
    options.page = options.page or os.path.join(artifacts if options.small else os.path.join(REPOSITORY, "docs"), "performance.md")
    return options


def some_of(*known):
    def names(text):
        if unknown := set(text.split(",")) - set(known):
            raise argparse.ArgumentTypeError("no such thing: " + ", ".join(sorted(unknown)))
        return text.split(",")

    return names
