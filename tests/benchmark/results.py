"""What was measured, as JSON: one file for each server and round, with a row for each workload."""

import json
import os
import re

IN_SWEEP = ("ours", "apache", "rclone")  # Who is measured against the size of a tree.


class Results:
    def __init__(self, directory):
        self.directory = directory
        os.makedirs(directory, exist_ok=True)

    def keep(self, server, turn, name, row):
        """`turn` is the number of a round, or `sweep`."""
        file = "%s-%s.json" % (server, turn)
        rows = self.read(file) or {}
        rows[name] = row
        self.write(file, rows)

    def forget(self, server, names):
        """Drops the rows of some workloads from all rounds: what is measured again is not mixed with what was measured before."""
        for file in self._rounds(server):
            self.write(file, {name: row for name, row in self.read(file).items() if name not in names})

    def write(self, name, value):
        path = os.path.join(self.directory, name)
        with open(path + ".new", "w") as file:
            json.dump(value, file, indent=1)
        os.replace(path + ".new", path)

    def read(self, name):
        try:
            with open(os.path.join(self.directory, name)) as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def rounds(self, server):
        return [self.read(file) for file in self._rounds(server)]

    def _rounds(self, server):
        return [name for name in sorted(os.listdir(self.directory)) if re.fullmatch(server + r"-\d+\.json", name)]

    def rows(self):
        """Every row of every server."""
        files = (name for name in os.listdir(self.directory) if name.endswith(".json") and name != "machine.json")
        return [row for name in files for row in self.read(name).values()]

    def sweep(self, server):
        """By operation, the rows by the number of entries."""
        found = {}
        for name, row in (self.read(server + "-sweep.json") or {}).items():
            operation, entries = name.split()
            found.setdefault(operation, {})[int(entries)] = row
        return found

    def clear(self):
        for name in os.listdir(self.directory):
            if name.endswith(".json"):
                os.unlink(os.path.join(self.directory, name))
