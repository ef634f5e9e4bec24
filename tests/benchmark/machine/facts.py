"""What stands at the head of the page: the machine, and the versions of all that was measured."""

import os
import platform
import re
import subprocess

from machine.process import read


def machine():
    memory = int(re.search(r"MemTotal:\s+(\d+)", read("/proc/meminfo"))[1]) / (1 << 20)
    model = re.search(r"model name\s*:\s*(.+)", read("/proc/cpuinfo"))
    return {
        "cores": "%d × %s" % (len(os.sched_getaffinity(0)), model[1] if model else platform.machine()),
        "memory": "%.0f GiB" % memory,
        "system": "%s, Linux %s" % (re.search(r'PRETTY_NAME="(.+)"', read("/etc/os-release"))[1], platform.release()),
    }


def version(kind):
    """A version number, wherever a program puts it."""
    done = subprocess.run(kind.version, capture_output=True, text=True, timeout=60)
    found = re.findall(r"\d+\.\d+(?:\.\d+)*(?:[-~+:][\w.~+]+)*", done.stdout + done.stderr)
    return ", ".join(found[:2] if kind.name == "goxnet" else found[:1])


def commit(repository):
    """The last change of the server, with a + where there are others that are not committed."""
    def git(*arguments):
        return subprocess.run(["git", "-C", repository, *arguments, "--", "src", "appsettings.json", "Directory.Build.props"],
                              capture_output=True, text=True)

    return git("log", "-1", "--format=%h").stdout.strip() + ("+" if git("diff", "--quiet", "HEAD").returncode else "")
