"""Copies SOURCE to DESTINATION (two URLs) with Python's requests, which takes a 102 for the answer: so it asks for 202 instead."""

import sys
import time
from urllib.parse import urljoin

import requests

source, destination = sys.argv[1:]
session = requests.Session()
answer = session.request("COPY", source, headers={"Destination": destination, "Prefer": "respond-async"}, timeout=2)
answer.raise_for_status()
if answer.status_code == 202:
    page = urljoin(source, answer.headers["Location"])
    while (operation := session.get(page, timeout=2).json())["state"] in ("running", "paused"):
        print(operation["progress"]["items"], "of", operation["progress"].get("total", "?"))
        time.sleep(1)
    answer = session.get(page + "/result", timeout=2)

print(answer.status_code)
