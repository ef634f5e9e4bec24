"""The files that a workload finds, made in the directory `bench` of a server's root."""

import os
import shutil

from machine.memory import read_file
from sizes import MIB

REPEATS = 3
MOVES = 15  # Odd, as a tree is moved there and back.
SAMPLES = 16  # Places at which large files are compared.


class Fixtures:
    """`source` is the large file's content, kept in memory by whoever runs the benchmark."""

    def __init__(self, site, sizes, source):
        self.site, self.sizes, self.source = site, sizes, source
        self.directory = os.path.join(site.root, "bench")
        with site.as_user():
            os.mkdir(self.directory)

    def make(self, names):
        with self.site.as_user():
            for name in sorted(set(names)):
                getattr(self, name)()
        count(self.directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def big(self):
        shutil.copyfile(self.source, self.path("big.bin"))
        read_file(self.path("big.bin"))
        read_file(self.source)

    def small(self):
        make_files(self.path("small"), 1, 1024)

    def flat(self):
        make_files(self.path("flat"), self.sizes.flat, 64)

    def deep(self):
        make_tree(self.path("deep"), self.sizes.deep_dirs, self.sizes.deep_files, 16)

    def tree(self):
        self._tree("tree")

    def moved(self):
        self._tree("moved0")

    def deleted(self):
        for i in range(REPEATS):
            self._tree("deleted%d" % i)

    def kept(self):
        make_tree(self.path("kept0"), 100, self.sizes.moved_properties // 100 or 1, 64)

    def locks(self):
        make_files(self.path("locks"), self.sizes.locks, 64)

    def noted(self):
        make_files(self.path("noted"), self.sizes.properties, 64)

    def puts(self):
        for i in range(REPEATS):
            os.mkdir(self.path("put_seq%d" % i))
            os.mkdir(self.path("put_par%d" % i))

    def puts_locked(self):
        os.mkdir(self.path("put_locked"))

    def _tree(self, name):
        make_tree(self.path(name), self.sizes.tree_dirs, self.sizes.tree_files, self.sizes.tree_bytes)

    def same_as_source(self, name):
        """Whether a file has the source's size, and its content at sampled places."""
        path, size = self.path(name), self.sizes.big
        if not os.path.exists(path) or os.path.getsize(path) != size:
            return False
        with open(path, "rb") as file, open(self.source, "rb") as source:
            for i in range(SAMPLES):
                file.seek((size - MIB) * i // (SAMPLES - 1))
                source.seek(file.tell())
                if file.read(MIB) != source.read(MIB):
                    return False
        return True


def make_source(path, size):
    """No two MiB alike, and nothing that could be compressed."""
    block = bytearray(os.urandom(MIB))
    with open(path, "wb", buffering=0) as file:
        for i in range(size // MIB):
            block[:8] = i.to_bytes(8, "big")
            file.write(block)


def make_files(directory, files, size):
    os.mkdir(directory)
    data = os.urandom(size)
    for i in range(files):
        with open("%s/f%05d.bin" % (directory, i), "wb", buffering=0) as file:
            file.write(data)


def make_tree(directory, directories, files, size):
    os.mkdir(directory)
    for i in range(directories):
        make_files("%s/d%05d" % (directory, i), files, size)


def count(path):
    """Files and bytes below a directory; every inode is in the kernel's cache afterwards."""
    files = size = 0
    for directory, _, names in os.walk(path):
        for name in names:
            files += 1
            size += os.lstat(os.path.join(directory, name)).st_size
    return files, size
