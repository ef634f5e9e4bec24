"""Sends a COPY and a GET over one connection, each with the same header fields, and shows the statuses of all that comes back.

usage: raw.py SERVER SOURCE DESTINATION NEXT [FIELD...]
SOURCE, DESTINATION and NEXT are paths. Prints each status, interim ones too, and the body of the last: `102 102 201 200 one`.
"""

import re
import socket
import sys
import urllib.parse

server, source, destination, following, *fields = sys.argv[1:]
host = urllib.parse.urlsplit(server)
fields = "".join(field + "\r\n" for field in fields)
with socket.create_connection((host.hostname, host.port), timeout=60) as connection:
    received = b""

    def ask(head):
        """Sends a request and reads until one final response is complete."""
        global received
        start = len(received)
        connection.sendall(f"{head}\r\nHost: {host.netloc}\r\n{fields}\r\n".encode())
        while not complete(received[start:]):
            more = connection.recv(65536)
            if not more:
                break
            received += more

    def complete(answer):
        answer = re.sub(rb"^(HTTP/1\.1 1.*?\r\n\r\n)*", b"", answer, flags=re.S)
        head, end, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        return end and (body.endswith(b"0\r\n\r\n") if b"chunked" in head.lower() else len(body) >= int(length[1]) if length else True)

    ask(f"COPY {source} HTTP/1.1\r\nDestination: {server}{destination}")
    ask(f"GET {following} HTTP/1.1")
    print(*(found.decode() for found in re.findall(rb"HTTP/1\.1 (\d+)", received)), received.split(b"\r\n\r\n")[-1].decode().strip())
