"""Medians, and figures as people read them."""

import statistics

from page.rows import ROWS, TITLES

NOTHING = "–"  # Stands where nothing was measured.
FIRST, LAST = 10_000, 1_000_000  # The sizes between which memory is not to grow.


class Figures:
    """The median over the rounds of each figure of each server."""

    def __init__(self, results):
        self.rounds = {name: results.rounds(name) for name in ("ours", *TITLES, "bare")}
        self.sweep = {"result": "ok"}
        for operation, rows in results.sweep("ours").items():
            if all(rows.get(size, {}).get("result") == "ok" for size in (FIRST, LAST)):
                self.sweep[operation + "_kb"] = rows[LAST]["rss_peak_kb"] - rows[FIRST]["rss_peak_kb"]

    def value(self, name, row):
        """None where there is none: not measured, or failed in any round."""
        return self.at(*row.place_of_bare) if name == "bare" else self.at(name, row.workload, row.figure)

    def at(self, name, workload, figure):
        rows = self._rows(name, workload)
        values = [row[figure] for row in rows if row["result"] == "ok" and row.get(figure) is not None]
        return statistics.median(values) if values and len(values) == len(rows) else None

    def goal(self, row, goal):
        return goal and goal.of(row, lambda name: self.value(name, row))

    def best_peer(self, row):
        """The name of the peer with the best figure. A hard link is no copy."""
        found = [(value, name) for name in TITLES if (value := self.value(name, row)) is not None and not self.links(name, row)]
        return (max if row.more_is_better else min)(found)[1] if found else None

    def links(self, name, row):
        return any(found.get("hard_link") for found in self._rows(name, row.workload))

    def fault(self, name, row):
        """What stands in place of a figure."""
        rows = self._rows(name, row.workload)
        wrong = [found["result"] for found in rows if found["result"] != "ok"]
        if not wrong:
            return NOTHING
        return wrong[0] if len(wrong) == len(rows) else "%s (%d of %d)" % (wrong[0], len(wrong), len(rows))

    def reaches(self, row, goal):
        """None where it cannot be said: one of the two was not measured."""
        wanted, ours = self.goal(row, goal), self.value("ours", row)
        if ours is None:
            return None if self.fault("ours", row) == NOTHING else False
        return None if wanted is None else row.reaches(ours, wanted)

    def short_of_aim(self):
        return [row for row in ROWS if (row.aim or row.least) and self.reaches(row, row.aim or row.least) is False]

    def _rows(self, name, workload):
        if (name, workload) == ("ours", "sweep"):
            return [self.sweep]
        return [rows[workload] for rows in self.rounds[name] if workload in rows]


def ratio(row, ours, other):
    """How many times as good ours is: above 1 it is the better one."""
    if not ours or not other or ours < 0 or other < 0:
        return None
    return ours / other if row.more_is_better else other / ours


def shown(value, unit):
    """With three digits, and in the unit that makes it short."""
    if unit == "s" and abs(value) < 0.1:
        return shown(value * 1000, "ms")
    if unit == "ms" and abs(value) >= 1000:
        return shown(value / 1000, "s")
    if unit == "KiB":
        return shown(value * 1.024, "KB") if abs(value) < 900 else shown(value * 1.024 / 1000, "MB")
    if unit == "B" and abs(value) >= 100_000:
        return shown(value / 1e6, "MB")
    return ("%s %s" % (digits(value), unit)).replace(" /s", "/s").strip()


def digits(value):
    if abs(value) >= 100:
        return "{:,.0f}".format(value)
    return ("%.3g" % value) if abs(value) >= 0.001 else ("%.1g" % value if value else "0")
