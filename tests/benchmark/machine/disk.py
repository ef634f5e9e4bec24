"""File systems of our own: each server works on a fresh one, with a journal, so that none meets what another left behind."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager

SIZE = "24G"  # Sparse: what is not written takes no space.

MAKE = {
    "ext4": ["mkfs.ext4", "-q", "-F"],
    "many": ["mkfs.ext4", "-q", "-F", "-i", "8192"],  # An ext4 with room for millions of files.
    "xfs": ["mkfs.xfs", "-q", "-f"],
    "btrfs": ["mkfs.btrfs", "-q", "-f"],
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
        try:
            subprocess.run(["truncate", "-s", SIZE, image], check=True)
            subprocess.run([*MAKE[kind], image], check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["mount", "-o", "loop", image, directory], check=True)
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
