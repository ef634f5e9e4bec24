"""The same work without a server, by the system's own programs: what the machine itself takes."""

import os
import statistics
import subprocess
import time

from machine.memory import read_tree, settle
from work.fixtures import MOVES, REPEATS

SHELL = {
    # workload: the command (@ the directory, # the number of the try, % the large file's content), what is made ready before
    # each try, and what each try makes that has to go again.
    "get_1g": ("cat @/big.bin | cat >/dev/null", None, None),
    "put_1g": ("dd if=% of=@/put#.bin bs=1M status=none", "memory", "put#.bin"),
    "propfind_flat": (r"find @/flat -printf '%p %s %T+ %i\n'", None, None),
    "propfind_inf": (r"find @/deep -printf '%p %s %T+ %i\n'", None, None),
    "copy_tree": ("cp -r @/tree @/copied#", "tree", None),
    "copy_1g": ("cp @/big.bin @/copied#.bin", "memory", "copied#.bin"),
    "move_tree": ("mv -T @/moved0 @/moved1 && mv -T @/moved1 @/moved0", None, None),
    "delete_tree": ("rm -rf @/deleted#", None, None),
}


class Bare:
    def __init__(self, fixtures):
        self.fixtures, self.sizes = fixtures, fixtures.sizes

    def measure(self, name):
        """The row of a workload; None for one that is nothing without a server."""
        row = {"at": time.strftime("%F %T"), "result": "ok"}
        if name == "put_seq":
            return row | {"files_s": self._write_files()}
        if name not in SHELL:
            return None
        seconds = statistics.median(self._once(i, *SHELL[name]) for i in range(MOVES if name == "move_tree" else REPEATS))
        if name == "move_tree":
            seconds /= 2  # There and back.
        if name.endswith("1g"):
            row["gb_s"] = self.sizes.big / 1e9 / seconds
        return row | {"seconds": seconds}

    def _once(self, i, command, before, made):
        os.sync()
        if before == "memory":
            settle(self.sizes.big * 3 // 2)
        if before == "tree":
            settle()
            read_tree(self.fixtures.path("tree"))
        if "of=" in command:
            command = command.replace("%", self.fixtures.source)
        seconds = shell(command.replace("@", self.fixtures.directory).replace("#", str(i)))
        if made:
            os.unlink(self.fixtures.path(made.replace("#", str(i))))
        return seconds

    def _write_files(self):
        settle()
        data, rates = os.urandom(self.sizes.put_bytes), []
        for k in range(REPEATS):
            began = time.monotonic()
            for i in range(self.sizes.puts):
                with open("%s/f%05d.bin" % (self.fixtures.path("put_seq%d" % k), i), "wb", buffering=0) as file:
                    file.write(data)
            rates.append(self.sizes.puts / (time.monotonic() - began))
        return statistics.median(rates)


def shell(command):
    began = time.monotonic()
    subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began
