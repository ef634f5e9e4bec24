"""How much work there is: what is published, and a little of everything to see that the benchmark itself works."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Sizes:
    big: int  # Bytes of the one large file.
    flat: int  # Files in one collection, for PROPFIND with Depth 1.
    deep_dirs: int  # Collections for PROPFIND with Depth infinity...
    deep_files: int  # ... with so many files in each.
    tree_dirs: int  # The tree that is copied, moved, deleted and locked...
    tree_files: int
    tree_bytes: int  # ... with files of so many bytes.
    puts: int  # Small files that are PUT...
    put_bytes: int
    lanes: int  # ... over so many connections.
    properties: int  # Resources that get a property, one each.
    locks: int  # Locks held at a time.
    lock_cycles: int  # LOCK and UNLOCK, one after the other.
    moved_properties: int  # Properties in a tree that is moved.
    held: int  # Connections that wait for long operations...
    operations: int  # ... of so many at a time.
    load_seconds: int  # How long wrk runs.
    sweep: tuple[int, ...]  # Trees of so many entries.

    @property
    def tree_total(self):
        return self.tree_dirs * self.tree_files


FULL = Sizes(
    big=1024 * MIB, flat=10_000, deep_dirs=500, deep_files=100, tree_dirs=100, tree_files=100, tree_bytes=4096, puts=2000,
    put_bytes=4096, lanes=16, properties=1000, locks=1000, lock_cycles=2000, moved_properties=10_000, held=1000, operations=100,
    load_seconds=5, sweep=(1000, 10_000, 100_000, 1_000_000))

SMALL = Sizes(
    big=4 * MIB, flat=50, deep_dirs=20, deep_files=100, tree_dirs=5, tree_files=10, tree_bytes=4096, puts=40, put_bytes=4096,
    lanes=4, properties=20, locks=20, lock_cycles=20, moved_properties=50, held=20, operations=2, load_seconds=1, sweep=(100, 1000))
