"""Makes operations slow: pauses each one at SERVER as soon as it is at work, through its socket, and resumes it after SECONDS.

usage: hold.py SERVER SECONDS
Prints a line for each operation that it holds. Runs until it is ended.
"""

import base64
import http.client
import json
import os
import socket
import sys
import threading
import time
import urllib.parse

server = urllib.parse.urlsplit(sys.argv[1])
seconds = float(sys.argv[2])


def text_frame(text):
    """A WebSocket message from a client, which is always masked (RFC 6455 5.2)."""
    mask = os.urandom(4)
    return bytes([0x81, 0x80 | len(text)]) + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(text.encode()))


def hold(operation):
    with socket.create_connection((server.hostname, server.port)) as connection:
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall(
            f"GET {operation['links']['socket']} HTTP/1.1\r\nHost: {server.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        connection.sendall(text_frame("pause"))
        while b'"state":"paused"' not in received:
            more = connection.recv(65536)
            if not more:
                print("too late for", operation["source"], flush=True)
                return
            received += more
        print("holding", operation["source"], flush=True)
        time.sleep(seconds)
        connection.sendall(text_frame("resume"))
        while connection.recv(65536):
            pass


def main():
    seen = set()
    connection = http.client.HTTPConnection(server.hostname, server.port)
    while True:
        connection.request("GET", "/.webdav/operations")
        for operation in json.load(connection.getresponse())["operations"]:
            if operation["id"] not in seen:
                seen.add(operation["id"])
                if operation["method"] != "PROPFIND" and operation["state"] == "running":
                    threading.Thread(target=hold, args=(operation,), daemon=True).start()
        time.sleep(0.01)


try:
    main()
except (OSError, http.client.HTTPException) as gone:
    print("the server has gone:", gone)
