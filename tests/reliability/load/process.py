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
    """How many connections the server's side of a port has, in whatever state but that of waiting out an old one (TIME_WAIT, 06)."""
    count = 0
    for table in "/proc/net/tcp", "/proc/net/tcp6":
        with open(table) as lines:
            for line in list(lines)[1:]:
                local, state = line.split()[1], line.split()[3]
                count += int(local.rpartition(":")[2], 16) == port and state not in ("0A", "06")
    return count
