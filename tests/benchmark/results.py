"""What was measured, as JSON: one file for each server and round, with a row for each workload. A row measured again replaces the old one."""

import json
import os
import statistics


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
        names = (name for name in os.listdir(self.directory) if name.startswith(server + "-") and name.endswith(".json"))
        turns = sorted(name[len(server) + 1:-5] for name in names)
        return [self.read("%s-%s.json" % (server, turn)) for turn in turns if turn.isdigit()]

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


class Medians:
    """The median over a server's rounds of each figure; what failed in any round is told instead."""

    def __init__(self, rounds):
        self.rounds = rounds

    def value(self, workload, figure):
        rows = self._rows(workload)
        values = [row[figure] for row in rows if row["result"] == "ok" and row.get(figure) is not None]
        if not values or len(values) < len(rows):
            return None
        return statistics.median(values)

    def fault(self, workload):
        """What stands in the table where there is no figure: why, or that it was not measured."""
        rows = self._rows(workload)
        wrong = [row["result"] for row in rows if row["result"] != "ok"]
        if not wrong:
            return "–"
        return wrong[0] if len(wrong) == len(rows) else "%s (%d of %d)" % (wrong[0], len(wrong), len(rows))

    def _rows(self, workload):
        return [rows[workload] for rows in self.rounds if workload in rows]
