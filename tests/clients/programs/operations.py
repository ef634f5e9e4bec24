"""Lists what servers have done: a line with source, method, state, status and duration in seconds for each operation.

usage: operations.py SERVER...
"""

import datetime
import json
import re
import sys
import urllib.parse
import urllib.request


def instant(text):
    # Python takes no more than six digits of a second.
    return datetime.datetime.fromisoformat(re.sub(r"(\.\d{1,6})\d*", lambda part: part[1].ljust(7, "0"), text))


for server in sys.argv[1:]:
    with urllib.request.urlopen(server + "/.webdav/operations") as answer:
        for operation in json.load(answer)["operations"]:
            ended = operation.get("ended")
            print(
                urllib.parse.unquote(operation["source"]), operation["method"], operation["state"], operation.get("status", "-"),
                (instant(ended) - instant(operation["started"])).total_seconds() if ended else "-", sep="\t")
