"""A disk that takes its time: `slow_disk.py CONTROL FILES MOUNTPOINT -f`. Files 0, 1, 2... of 64 KiB; each read of one, and each listing,
waits for as long as the file CONTROL says, in seconds, and ends its wait as soon as that says less."""
import errno
import stat
import sys
import time

import fuse

fuse.fuse_python_api = (0, 2)
SIZE = 64 << 10


class SlowDisk(fuse.Fuse):
    control, files = "", 0

    def wait(self):
        begin = time.monotonic()
        while True:
            with open(self.control) as file:
                left = begin + float(file.read() or 0) - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.1))

    def getattr(self, path):
        found = fuse.Stat(st_nlink=1, st_size=SIZE, st_mode=stat.S_IFREG | 0o644)
        if path == "/":
            found.st_mode, found.st_nlink = stat.S_IFDIR | 0o755, 2
        elif not path[1:].isdigit() or int(path[1:]) >= self.files:
            return -errno.ENOENT
        return found

    def readdir(self, path, offset):
        self.wait()
        for name in [".", "..", *map(str, range(self.files))]:
            yield fuse.Direntry(name)

    def read(self, path, size, offset):
        self.wait()
        return bytes(max(0, min(size, SIZE - offset)))


if __name__ == "__main__":
    disk = SlowDisk()
    SlowDisk.control, SlowDisk.files = sys.argv[1], int(sys.argv[2])
    disk.parse(["-f", "-o", "direct_io", *sys.argv[3:]])
    disk.multithreaded = True
    disk.main()
