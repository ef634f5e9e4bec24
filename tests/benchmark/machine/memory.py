"""Puts the machine's memory and disk into the same state before each measurement."""

import mmap
import os
import time

from sizes import MIB

MAP_POPULATE = 0x8000


def make_hot(size):
    """Pages that a virtual machine's host took back cost several times more to touch: touches free ones until they are quick."""
    for _ in range(3):
        began = time.monotonic()
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_POPULATE).close()
        if time.monotonic() - began < size / (1024 * MIB):
            return


def settle(size=256 * MIB):
    """Nothing is left to be written from before, and free memory is at hand for what is to come."""
    os.sync()
    make_hot(size)


def read_file(path):
    with open(path, "rb", buffering=0) as file:
        while file.read(8 * MIB):
            pass


def read_tree(path):
    """Puts all content below a directory into the kernel's cache."""
    for directory, _, names in os.walk(path):
        for name in names:
            read_file(os.path.join(directory, name))
