"""What ordinary clients do meanwhile."""

import re
import time

LOCK = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>"
PUT = [201, 204]
SIZES = [0, 700, 9_000, 70_000, 1_000_000]


def probe(connection, number):
    """Small requests, whose time is looked at."""
    connection.ask("GET", "/probe/1k", [200], length=1024)
    connection.ask("PROPFIND", "/probe/1k", [207], {"Depth": "0"})
    connection.ask("PUT", "/probe/4k", PUT, body=b"p" * 4096)
    answer = connection.ask("LOCK", "/probe/1k", [200], {"Timeout": "Second-60"}, LOCK)
    token = re.match("<.*>", answer.getheader("Lock-Token") or "") if answer else None
    if token:
        connection.ask("UNLOCK", "/probe/1k", [204], {"Lock-Token": token[0]})
    time.sleep(0.01)


def work(connection, number):
    """A folder from its making to its end."""
    folder, copy, moved = (f"/work/{kind}" for kind in ("folder", "copy", "moved"))
    connection.ask("DELETE", folder, [204, 404])
    connection.ask("MKCOL", folder, [201])
    for i, size in enumerate(SIZES):
        connection.ask("PUT", f"{folder}/{i}", PUT, body=b"w" * size)
        connection.ask("GET", f"{folder}/{i}", [200], length=size)
    connection.ask("PROPFIND", folder, [207], {"Depth": "1"})
    connection.ask("COPY", folder, PUT, {"Destination": copy})
    connection.ask("MOVE", copy, PUT, {"Destination": moved})
    connection.ask("PROPFIND", "/work", [207], {"Depth": "infinity"})
    connection.ask("DELETE", moved, [204])
