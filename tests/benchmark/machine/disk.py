"""File systems of our own: each server works on a fresh one, with a journal, so that none meets what another left behind."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager

# How each kind is made, and mounted: an ext4 does not go on making itself in the background. Images are sparse.
KINDS = {
    "ext4": ("12G", ["mkfs.ext4", "-q", "-F"], "loop,noinit_itable"),
    "many": ("24G", ["mkfs.ext4", "-q", "-F", "-i", "8192"], "loop,noinit_itable"),  # For millions of files.
    "xfs": ("12G", ["mkfs.xfs", "-q", "-f"], "loop"),
    "btrfs": ("12G", ["mkfs.btrfs", "-q", "-f"], "loop"),
}


class Disks:
    """Makes directories in `work`: on loop devices, or plain ones where the machine may not be touched."""

    def __init__(self, work, loop=True):
        self.work, self.loop, self.count = work, loop, 0

    @contextmanager
    def fresh(self, kind="ext4"):
        self.count += 1
        directory = os.path.join(self.work, "disk-%d" % self.count)
        os.mkdir(directory)
        try:
            if self.loop:
                with self._mounted(directory, kind):
                    yield directory
            else:
                yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    @contextmanager
    def _mounted(self, directory, kind):
        image = directory + ".img"
        size, make, options = KINDS[kind]
        try:
            subprocess.run(["truncate", "-s", size, image], check=True)
            subprocess.run([*make, image], check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["mount", "-o", options, image, directory], check=True)
            try:
                os.chmod(directory, 0o755)
                yield
            finally:
                unmount(directory)
        finally:
            os.unlink(image)


def unmount(directory):
    for _ in range(50):
        if subprocess.run(["umount", directory], stderr=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.2)
    subprocess.run(["umount", "--lazy", directory], check=True)
