"""The tables of the page, as Markdown."""

from page.figures import ratio, shown
from page.rows import ROWS, TITLES, full_titles


def table(head, lines):
    return "\n".join("| %s |" % " | ".join(cells) for cells in [head, ["---"] * len(head), *lines])


def goals(figures):
    """What was aimed at, and what came of it."""
    titles = full_titles()
    lines = [[titles[row.key], cell(figures, "ours", row), *goal(figures, row, row.least), *goal(figures, row, row.aim)]
             for row in ROWS if row.least or row.aim]
    return table(["work", "ours", "at least", "reached", "aim", "reached"], lines)


def goal(figures, row, wanted):
    if wanted is None:
        return "", ""
    value = figures.goal(row, wanted)
    if value is None:
        return wanted.text, "–"
    text = "%s (%s)" % (shown(value, row.unit), wanted.text) if wanted.text else shown(value, row.unit)
    return text, {True: "yes", False: "**no**", None: "–"}[figures.reaches(row, wanted)]


def everything(figures):
    """All medians, and how many times as good ours is as the best peer and as the machine without a server."""
    head = ["work", "ours", *TITLES.values(), "without a server", "ours : best peer", "ours : without"]
    lines = []
    for row in ROWS:
        cells = [cell(figures, name, row) for name in ("ours", *TITLES)]
        without = figures.value("bare", row)
        lines.append([row.title, *cells, shown(without, row.unit) if without is not None else "–", *ratios(figures, row, without)])
    return table(head, lines)


def cell(figures, name, row):
    value = figures.value(name, row)
    if value is None:
        return figures.fault(name, row)
    return shown(value, row.unit) + (" (hard link)" if figures.links(name, row) else "")


def ratios(figures, row, without):
    if not row.compared:
        return "", ""
    ours, peer = figures.value("ours", row), figures.best_peer(row)
    beside = ratio(row, ours, figures.value(peer, row)) if peer else None
    bare = ratio(row, ours, without)
    return "%s (%s)" % (factor(beside), TITLES[peer]) if beside else "", factor(bare) if bare else ""


def factor(value):
    return "%.0f" % value if value >= 10 else "%.2g" % value


def sweep(results, servers):
    """Seconds and growth of memory of each server and operation, by the size of the tree."""
    found = {name: results.sweep(name) for name in servers}
    sizes = sorted({size for operations in found.values() for rows in operations.values() for size in rows})
    head = ["operation", "server", *("{:,}".format(size) for size in sizes)]
    lines = []
    for operation in ("propfind", "copy", "delete", "lock"):
        for name in servers:
            rows = found[name].get(operation, {})
            lines.append([operation.upper(), TITLES.get(name, "ours"), *(both(rows.get(size)) for size in sizes)])
    return table(head, lines)


def both(row):
    if row is None:
        return "–"
    if row["result"] != "ok":
        return row["result"]
    return "%s, %s" % (shown(row["seconds"], "s"), shown(row["rss_growth_kb"], "KiB"))
