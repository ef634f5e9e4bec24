"""What a process takes, as the system tells it."""

import os


def figures(pid):
    """Resident memory in KiB, threads, handles, and processor time in seconds."""
    status = {}
    with open(f"/proc/{pid}/status") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            status[name] = value.split()
    with open(f"/proc/{pid}/stat") as line:
        times = line.read().rpartition(")")[2].split()
    return {
        "memory": int(status["VmRSS"][0]),
        "threads": int(status["Threads"][0]),
        "handles": len(os.listdir(f"/proc/{pid}/fd")),
        "processor": (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"),
    }


def connections(port):
    """The ports of the clients of a port, but not of connections that the server has closed and the system waits out (FIN_WAIT2, 05; TIME_WAIT, 06)."""
    found = []
    for table in "/proc/net/tcp", "/proc/net/tcp6":
        with open(table) as lines:
            for line in list(lines)[1:]:
                _, local, remote, state = line.split()[:4]
                if int(local.rpartition(":")[2], 16) == port and state not in ("0A", "05", "06"):
                    found.append(int(remote.rpartition(":")[2], 16))
    return found
