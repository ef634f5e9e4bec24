"""What WebDAV adds to HTTP: the bodies that are sent, and what is counted in the answers."""

import re

XML = {"Content-Type": 'application/xml; charset="utf-8"'}
HEAD = b'<?xml version="1.0" encoding="utf-8"?>'
ALL_PROPERTIES = HEAD + b'<D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>'
NOTE = HEAD + b'<D:propfind xmlns:D="DAV:"><D:prop><B:note xmlns:B="urn:benchmark"/></D:prop></D:propfind>'
SET_NOTE = (HEAD + b'<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><B:note xmlns:B="urn:benchmark">value %05d</B:note></D:prop></D:set>'
            b"</D:propertyupdate>")
EXCLUSIVE = (HEAD + b'<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype>'
             b"<D:owner><D:href>benchmark</D:href></D:owner></D:lockinfo>")

RESPONSE = re.compile(rb"<(?:[\w.-]+:)?response[\s>/]")
ACTIVE_LOCK = re.compile(rb"<(?:[\w.-]+:)?activelock[\s>]")
REFUSED_WITHIN = re.compile(rb"HTTP/1\.1 ([45]\d\d)")


class Refused(Exception):
    """The server did not do it; `result` is what stands in the table instead of a time."""

    def __init__(self, result, detail):
        super().__init__(detail)
        self.result = result


def wanted(reply, *statuses):
    if reply.status not in statuses:
        raise Refused("unsupported" if reply.status in (403, 405, 501) else "fails", "status %d" % reply.status)
    return reply


def check(right, detail):
    """What a server claims to have done must be so."""
    if not right:
        raise Refused("fails", detail)


def responses(reply):
    return len(RESPONSE.findall(reply.body))


def lock(connection, path, depth="0"):
    """The new lock's token, and the seconds it took."""
    reply = wanted(connection.ask("LOCK", path, {**XML, "Depth": depth, "Timeout": "Second-600"}, EXCLUSIVE), 200, 201)
    check("lock-token" in reply.fields, "LOCK gave %d without a Lock-Token" % reply.status)
    return reply.fields["lock-token"], reply.total


def unlock(connection, path, token):
    wanted(connection.ask("UNLOCK", path, {"Lock-Token": token}), 200, 204)


def set_note(connection, path, number):
    reply = wanted(connection.ask("PROPPATCH", path, XML, SET_NOTE % number), 207, 200, 204)
    refused = REFUSED_WITHIN.search(reply.body)
    if refused or reply.status == 207 and not re.search(rb"HTTP/1\.1 2\d\d", reply.body):
        raise Refused("unsupported", "207 with %s" % (refused[1].decode() if refused else "no status"))
