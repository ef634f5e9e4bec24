"""A small WebDAV client: one connection, one request at a time, and what of an answer the campaign compares."""

import http.client
import urllib.parse
import xml.etree.ElementTree as xml

DAV = "{DAV:}"
OURS = "urn:crash"
WINDOWS = "urn:schemas-microsoft-com:"


class Unanswered(Exception):
    """The server went away before the whole answer was here: the request may have been carried out or not."""


class Unsent(Exception):
    """Nobody took the connection: the request was not carried out."""


def url(path):
    return urllib.parse.quote(path) or "/"


class Connection:
    def __init__(self, port):
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method, path, headers=None, body=None):
        """Sends a request and reads all of its answer: status, fields, body."""
        try:
            if self._http.sock is None:
                self._http.connect()
        except OSError as fault:
            raise Unsent(str(fault)) from fault

        try:
            self._http.request(method, url(path), body=body, headers=headers or {})
            response = self._http.getresponse()
            return response.status, response.headers, response.read()
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            raise Unanswered(f"{method} {path}: {fault!r}") from fault

    def close(self):
        self._http.close()


def if_header(locks):
    """An If header that submits tokens, each with the resource that it locks: a list is true of no other."""
    return {"If": " ".join(f"<{url(lock.root)}> (<{lock.token}>)" for lock in locks)} if locks else {}


def lock_body(scope, owner):
    return (
        f'<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:{scope}/></D:lockscope><D:locktype><D:write/></D:locktype>'
        f"<D:owner>{owner}</D:owner></D:lockinfo>"
    ).encode()


def patch_body(changes):
    """A PROPPATCH body; None as a value removes the property."""
    parts = []
    for name, value in changes:
        name = f"{'w' if name.startswith('Win32') else 'p'}:{name}"
        part = f"<{name}/>" if value is None else f"<{name}>{value}</{name}>"
        parts.append(f"<D:{'remove' if value is None else 'set'}><D:prop>{part}</D:prop></D:{'remove' if value is None else 'set'}>")
    return f'<D:propertyupdate xmlns:D="DAV:" xmlns:p="{OURS}" xmlns:w="{WINDOWS}">{"".join(parts)}</D:propertyupdate>'.encode()


def all_ok(body):
    """Whether each property of a 207 has status 200."""
    return all(" 200 " in status.text + " " for status in xml.fromstring(body).iter(DAV + "status"))


def path_of(href):
    return urllib.parse.unquote(urllib.parse.urlsplit(href.strip()).path).rstrip("/")


def read_multistatus(body):
    """Of each resource: its dead properties, and the locks that cover it as (root, owner, token, scope, depth)."""
    found = {}
    for response in xml.fromstring(body).iter(DAV + "response"):
        path = path_of(response.findtext(DAV + "href"))
        if path in found:
            raise ValueError(f"{path} is there twice")

        properties, locks = {}, []
        for propstat in response.iter(DAV + "propstat"):
            if " 200 " not in propstat.findtext(DAV + "status") + " ":
                continue
            for property in propstat.find(DAV + "prop"):
                if property.tag.startswith(("{" + OURS + "}", "{" + WINDOWS + "}")):
                    properties[property.tag.partition("}")[2]] = property.text or ""
                elif property.tag == DAV + "lockdiscovery":
                    locks += [read_lock(active) for active in property]
        found[path] = properties, locks
    return found


def read_lock(active):
    return (
        path_of(active.findtext(f"{DAV}lockroot/{DAV}href")),
        active.findtext(DAV + "owner"),
        active.findtext(f"{DAV}locktoken/{DAV}href"),
        active.find(DAV + "lockscope")[0].tag.removeprefix(DAV),
        active.findtext(DAV + "depth"),
    )
