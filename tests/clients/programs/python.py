"""Copies SOURCE to DESTINATION with one of Python's clients, then gets each NEXT over the same connection where the client keeps it.

usage: python.py requests|urllib|http.client SECONDS SOURCE DESTINATION [NEXT...]
SECONDS is the client's own time-out. Prints the status, `201 in a 207` where the answer is a 207 that tells it, and what NEXT gave.
"""

import http.client
import sys
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

client, seconds, source, destination, *following = sys.argv[1:]
seconds = float(seconds)


def by_requests(method, url, headers):
    import requests

    by_requests.session = getattr(by_requests, "session", None) or requests.Session()
    answer = by_requests.session.request(method, url, headers=headers, timeout=seconds)
    return answer.status_code, answer.content


def by_urllib(method, url, headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers), timeout=seconds) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()


def by_http_client(method, url, headers):
    parts = urllib.parse.urlsplit(url)
    if not hasattr(by_http_client, "connection"):
        by_http_client.connection = http.client.HTTPConnection(parts.netloc, timeout=seconds)
        by_http_client.connection.connect()
        # A connection that the server ends must not be replaced unseen.
        by_http_client.connection.auto_open = 0
    by_http_client.connection.request(method, parts.path, headers={"User-Agent": "Python-http.client/3", **headers})
    answer = by_http_client.connection.getresponse()
    return answer.status, answer.read()


def told(status, body):
    if status != 207:
        return str(status)
    statuses = [element.text.split()[1] for element in xml.etree.ElementTree.fromstring(body).iter("{DAV:}status")]
    return " ".join(statuses) + " in a 207"


ask = {"requests": by_requests, "urllib": by_urllib, "http.client": by_http_client}[client]
line = [told(*ask("COPY", source, {"Destination": destination}))]
for url in following:
    status, body = ask("GET", url, {})
    line.append(f"{status} {body.decode().strip()}")
if client == "requests":
    connections = by_requests.session.get_adapter(source).poolmanager.connection_from_url(source).num_connections
    assert connections == 1, f"{connections} connections"
print(", ".join(line))
