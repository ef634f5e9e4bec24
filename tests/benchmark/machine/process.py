"""What a server's processes cost, by /proc: a server is one process and all that came from it."""

import os
import re

TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    def __init__(self, pid):
        self.pid = pid

    def family(self):
        found, left = [], [self.pid]
        while left:
            pid = left.pop()
            try:
                tasks = os.listdir("/proc/%d/task" % pid)
            except OSError:
                continue
            found.append(pid)
            for task in tasks:
                left += map(int, (read("/proc/%d/task/%s/children" % (pid, task)) or "").split())
        return found

    def cpu(self):
        """Seconds of processor time so far, with those of children that have ended."""
        all_fields = filter(None, map(self._stat, self.family()))
        return sum(int(ticks) for fields in all_fields for ticks in fields[11:15]) / TICKS

    def resident(self):
        return self._status("VmRSS")

    def peak(self):
        """The most resident memory since the last `forget_peak`, in KiB like the others."""
        return self._status("VmHWM")

    def threads(self):
        return self._status("Threads")

    def forget_peak(self):
        for pid in self.family():
            try:
                with open("/proc/%d/clear_refs" % pid, "w") as file:
                    file.write("5")
            except OSError:
                pass  # It has ended, or is not ours: then its peak counts from its start.

    def _status(self, key):
        texts = (read("/proc/%d/status" % pid) or "" for pid in self.family())
        found = (re.search(key + r":\s+(\d+)", text) for text in texts)
        return sum(int(match[1]) for match in found if match)

    @staticmethod
    def _stat(pid):
        text = read("/proc/%d/stat" % pid)
        return text and text.rsplit(")", 1)[1].split()


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return None
