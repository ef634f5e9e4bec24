"""Plots of the sweep, as SVG: four panels with logarithmic axes, in colours for light and for dark."""

import math

from page.figures import shown
from page.rows import TITLES

WIDTH, HEIGHT, TOP = 380, 250, 40  # Of a panel, and of the legend above them.
LEFT, RIGHT, ABOVE, BELOW = 68, 34, 34, 36  # Around the axes of a panel.
OPERATIONS = {"propfind": "PROPFIND, Depth infinity", "copy": "COPY", "delete": "DELETE", "lock": "LOCK, Depth infinity"}

STYLE = """
  svg { font: 12px system-ui, sans-serif }
  .paper { fill: #fff } text { fill: #1f2328 } .soft { fill: #59636e }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .ours { stroke: #0969da; fill: #0969da } .apache { stroke: #bc4c00; fill: #bc4c00 } .rclone { stroke: #1a7f37; fill: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } text { fill: #f0f6fc } .soft { fill: #9198a1 } .grid { stroke: #3d444d }
    .ours { stroke: #58a6ff; fill: #58a6ff } .apache { stroke: #f0883e; fill: #f0883e } .rclone { stroke: #3fb950; fill: #3fb950 }
  }
  .line { fill: none; stroke-width: 2 }
"""


def plot(sweeps, title, unit, value):
    """`sweeps` are rows by server, operation and size; `value` gives what is drawn of a row."""
    points = {name: {operation: [(size, value(row)) for size, row in sorted(rows.items()) if row["result"] == "ok"]
                     for operation, rows in operations.items()} for name, operations in sweeps.items()}
    drawn = [point for operations in points.values() for line in operations.values() for point in line]
    across, up = Axis([size for size, _ in drawn], LEFT, WIDTH - RIGHT), Axis([y for _, y in drawn], HEIGHT - BELOW, ABOVE)
    width, height = 2 * WIDTH, TOP + 2 * HEIGHT
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">' % (width, height, width, height),
             "<title>%s</title><style>%s</style>" % (title, STYLE), '<rect class="paper" width="100%" height="100%"/>', legend(title, points)]
    for i, (operation, label) in enumerate(OPERATIONS.items()):
        lines = {name: operations.get(operation, []) for name, operations in points.items()}
        parts.append('<g transform="translate(%d %d)">%s</g>' % (i % 2 * WIDTH, TOP + i // 2 * HEIGHT, panel(label, unit, across, up, lines)))
    return "\n".join(parts) + "\n</svg>\n"


class Axis:
    """Whole decades around the values, from one place to another."""

    def __init__(self, values, start, end):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(self.low + 1, math.ceil(math.log10(max(values))))
        self.start, self.end = start, end

    def place(self, value):
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def decades(self):
        return [10.0 ** power for power in range(self.low, self.high + 1)]


def legend(title, names):
    parts = ['<text x="%d" y="25" font-weight="600">%s</text>' % (LEFT, title)]
    for i, name in enumerate(names):
        x = WIDTH + LEFT + 90 * i
        parts.append('<path class="line %s" d="M%d 21h22"/>%s<text x="%d" y="25">%s</text>' % (
            name, x, mark(name, x + 11, 21), x + 28, TITLES.get(name, "ours")))
    return "".join(parts)


def panel(label, unit, across, up, lines):
    parts = ['<text x="%d" y="%d">%s</text>' % (LEFT, ABOVE - 10, label)]
    for value in up.decades():
        y = up.place(value)
        parts.append('<path class="grid" d="M%d %.1fH%d"/><text class="soft" x="%d" y="%.1f" text-anchor="end">%s</text>' % (
            LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, shown(value, unit)))
    for value in across.decades():
        x = across.place(value)
        parts.append('<path class="grid" d="M%.1f %dV%d"/><text class="soft" x="%.1f" y="%d" text-anchor="middle">%s</text>' % (
            x, ABOVE, HEIGHT - BELOW, x, HEIGHT - BELOW + 17, "{:,.0f}".format(value)))
    for name, line in lines.items():
        places = [(across.place(size), up.place(value)) for size, value in line]
        if places:
            parts.append('<path class="line %s" d="M%s"/>' % (name, "L".join("%.1f %.1f" % place for place in places)))
        parts += [mark(name, *place) for place in places]
    return "".join(parts)


def mark(name, x, y):
    """One shape for each server, for those to whom colours say little."""
    shapes = {"ours": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", "apache": "m-4 -4h8v8h-8z", "rclone": "m0 -5l5 9h-10z"}
    return '<path class="%s" d="M%.1f %.1f%s"/>' % (name, x, y, shapes[name])
