"""What several servers on one directory promise, tried against three of them.

Prints a line for each promise: `ok TAB promise`, or `not ok TAB promise TAB what broke it`; lines with # are for people.
"""

import argparse
import http.client
import signal
import sys
import traceback

import away
import cluster
import frozen
import operations
import races


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--connection", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--postmaster", required=True)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    three = cluster.Cluster(arguments)
    broken = 0
    try:
        three.start()
        for promise, test in [
            ("32 clients race for one exclusive lock: one wins, each time", lambda: races.one_winner(three, arguments.rounds)),
            ("a lock that one server has confirmed stops a PUT at the next one, each time", lambda: races.confirmed(three, arguments.rounds)),
            ("PUTs at three servers are published one after the other", lambda: races.updates(three, arguments.rounds)),
            ("a COPY is joined, watched, held and let go from other servers", lambda: operations.joined(three)),
            ("a COPY is cancelled from another server", lambda: operations.cancelled(three)),
            ("a COPY whose server is killed is interrupted, cleared away, and made whole by the retry", lambda: operations.killed(three)),
            ("a server that was frozen for longer than its heartbeat publishes nothing over what others have written", lambda: frozen.uploads(three)),
            ("a server that was frozen in a COPY publishes nothing over what others have written", lambda: frozen.copies(three)),
            ("while PostgreSQL is away, files are read and the rest is 503 at once; when it is back, work goes on", lambda: away.away(three, arguments)),
            ("three servers stop, and leave nothing behind", lambda: stopped(three)),
        ]:
            if arguments.only not in promise:
                continue
            try:
                print(f"# {test() or 'done'}")
                print(f"ok\t{promise}", flush=True)
            except (AssertionError, OSError, RuntimeError, http.client.HTTPException) as fault:
                broken += 1
                traceback.print_exc()
                print(f"not ok\t{promise}\t{fault!r}", flush=True)
                three.start()
    finally:
        for server in three.servers:
            if server.is_running:
                server.thaw()
                server.kill()
    return 1 if broken else 0


def stopped(three):
    three.start()
    codes = three.stop()
    assert codes == [0, 0, 0], codes
    assert three.areas() == [], three.areas()
    for table in ("server", "lease", "intent"):
        rows = three.rows(f"SELECT * FROM {table}")
        assert rows == [], f"{table}: {rows}"


if __name__ == "__main__":
    sys.exit(main())
