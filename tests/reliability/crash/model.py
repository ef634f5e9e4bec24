"""What must be there: the resources, properties and locks of one worker, and what each of its requests makes of them."""

import dataclasses
import re
import zlib

import dav

ANY = object()


_HEAD = re.compile(rb"([+.]) (\d+) (\d+)\n")


def _block(random, owner, size, last):
    unit = f"{owner} {random.getrandbits(32)} ".encode()
    filler = (unit * (size // len(unit) + 1))[:size]
    return b"%c %d %010d\n" % (b"." if last else b"+", size, zlib.crc32(filler)) + filler


def content(random, owner):
    """Content that says itself whether it is whole: blocks, each with its length and checksum, the last one marked."""
    if random.random() < 0.1:
        return b""

    sizes = random.choices([10, 1000, 5000, 60_000, 200_000], k=random.choice([1, 1, 2, 3]))
    return b"".join(_block(random, owner, size, last=at == len(sizes) - 1) for at, size in enumerate(sizes))


def _blocks(data):
    """Where each block begins and ends; None where it is not all blocks."""
    found, at = [], 0
    while at < len(data):
        head = _HEAD.match(data, at)
        end = head and head.end() + int(head[2])
        if not head or end > len(data) or zlib.crc32(data[head.end() : end]) != int(head[3]) or (head[1] == b".") != (end == len(data)):
            return None
        found.append((at, end))
        at = end
    return found


def is_whole(data):
    return _blocks(data) is not None


def replacement(random, data, owner):
    """A part to put in the place of another, with the offsets of its first and last byte: a block as long as the old one, or in the
    place of the last one more than it was. The content stays whole."""
    blocks = _blocks(data)
    first, end = random.choice(blocks)
    if end == len(data) and random.random() < 0.7:
        part = _block(random, owner, random.choice([1000, 60_000, 200_000]), last=False) + _block(random, owner, end - first, last=True)
    else:
        part = _block(random, owner, int(_HEAD.match(data, first)[2]), last=end == len(data))
    return first, first + len(part) - 1, part


@dataclasses.dataclass(frozen=True)
class Node:
    """A resource; the data of a collection is None."""

    data: bytes | None
    properties: tuple = ()

    @property
    def is_collection(self):
        return self.data is None


@dataclasses.dataclass(frozen=True)
class Lock:
    root: str
    owner: str
    token: str | None
    scope: str
    depth: str

    def covers(self, path):
        return path == self.root or (self.depth == "infinity" and is_below(path, self.root))


def is_below(path, collection):
    return path.startswith(collection + "/")


def is_at_or_below(path, collection):
    return path == collection or is_below(path, collection)


def parent(path):
    return path.rpartition("/")[0]


def rewritten(properties):
    """The properties of a file that is written: when that was is the file's own to say."""
    return tuple((name, ANY if name == "Win32LastModifiedTime" else value) for name, value in properties)


def same_properties(expected, actual):
    return len(expected) == len(actual) and all(
        name == found and value in (ANY, other) for (name, value), (found, other) in zip(expected, actual))


class World:
    """Resources by path and locks by owner, each owner being named once. Never changed: requests make new worlds."""

    def __init__(self, nodes, locks):
        self.nodes = nodes
        self.locks = locks

    def tree(self, root):
        return {path: node for path, node in self.nodes.items() if is_at_or_below(path, root)}

    def covering(self, path):
        return [lock for lock in self.locks.values() if lock.covers(path)]

    def rooted(self, root):
        return [lock for lock in self.locks.values() if is_at_or_below(lock.root, root)]

    def without(self, root):
        """As after the removal of a tree."""
        return World(
            {path: node for path, node in self.nodes.items() if not is_at_or_below(path, root)},
            {owner: lock for owner, lock in self.locks.items() if not is_at_or_below(lock.root, root)},
        )

    def with_nodes(self, nodes):
        return World({**self.nodes, **nodes}, self.locks)

    def with_locks(self, *locks):
        return World(self.nodes, {**self.locks, **{lock.owner: lock for lock in locks}})

    def replaced(self, destination, nodes):
        """As after a COPY or MOVE to a path: the locks of what stood there end, but for those on the path itself (RFC 4918 7.7)."""
        kept = [lock for lock in self.locks.values() if lock.root == destination]
        return self.without(destination).with_nodes(nodes).with_locks(*kept)


class Request:
    """A request, what it is answered if all is well, and the worlds that it can leave behind."""

    method = ""
    changes = True

    def __init__(self, path, expected):
        self.path = path
        self.expected = expected
        self.headers = {}
        self.body = None

    def after(self, world, token=None):
        return world

    def leaves(self, world):
        """Every world that may be found if the server ended before it answered."""
        return [world, self.after(world)]

    def token_of(self, fields):
        return None

    def __str__(self):
        return f"{self.method} {self.path}"


class Put(Request):
    method = "PUT"

    def __init__(self, path, world, data, pieces=0):
        super().__init__(path, 204 if path in world.nodes else 201)
        self.data = data
        self.body = data
        self.pieces = pieces
        self.headers = {"Content-Length": str(len(data))}

    def after(self, world, token=None):
        old = world.nodes.get(self.path)
        return world.with_nodes({self.path: Node(self.data, rewritten(old.properties) if old else ())})


class Part(Request):
    """A part of a file in place of another."""

    def __init__(self, path, world, first, last, part):
        super().__init__(path, 204)
        self._first = first
        self._last = last
        self.body = part

    def after(self, world, token=None):
        old = world.nodes[self.path]
        data = old.data[: self._first] + self.body + old.data[self._last + 1 :]
        return world.with_nodes({self.path: Node(data, rewritten(old.properties))})

    def __str__(self):
        return f"{self.method} {self.path}, bytes {self._first} to {self._last}"


class PutPart(Part):
    method = "PUT"

    def __init__(self, path, world, first, last, part):
        super().__init__(path, world, first, last, part)
        self.headers = {"Content-Range": f"bytes {first}-{last}/*"}


class PatchPart(Part):
    method = "PATCH"

    def __init__(self, path, world, first, last, part):
        super().__init__(path, world, first, last, part)
        self.headers = {"X-Update-Range": f"bytes={first}-{last}", "Content-Type": "application/x-sabredav-partialupdate"}


class Mkcol(Request):
    method = "MKCOL"

    def __init__(self, path):
        super().__init__(path, 201)

    def after(self, world, token=None):
        return world.with_nodes({self.path: Node(None)})


class PropPatch(Request):
    method = "PROPPATCH"

    def __init__(self, path, changes):
        super().__init__(path, 207)
        self.patch = changes
        self.body = dav.patch_body(changes)

    def after(self, world, token=None):
        node = world.nodes[self.path]
        properties = dict(node.properties)
        for name, value in self.patch:
            if value is None:
                properties.pop(name, None)
            else:
                properties[name] = value
        return world.with_nodes({self.path: Node(node.data, tuple(sorted(properties.items())))})

    def leaves(self, world):
        # The properties are kept in one step, and then the file gets its time: killed between, it has its old one.
        after = self.after(world)
        node = after.nodes[self.path]
        return [world, after, after.with_nodes({self.path: dataclasses.replace(node, properties=rewritten(node.properties))})]


class Delete(Request):
    method = "DELETE"

    def __init__(self, path):
        super().__init__(path, 204)

    def after(self, world, token=None):
        return world.without(self.path)

    def leaves(self, world):
        # A collection goes member by member, so the rest of it may be there: as it was, and with what goes with it.
        return [world, self.after(world), Partly(world, self.path)]


class Partly:
    """Any world in which part of a tree is gone."""

    def __init__(self, world, root):
        self._world = world
        self._root = root

    def matching(self, nodes):
        """The one of these worlds that has the given resources, if there is one."""
        gone = [path for path in self._world.tree(self._root) if path not in nodes]
        left = {path for path in self._world.tree(self._root) if path in nodes}
        if any(parent(path) not in left for path in left if path != self._root):
            return None

        world = World(self._world.nodes, self._world.locks)
        for path in gone:
            world = World(
                {at: node for at, node in world.nodes.items() if at != path},
                {owner: lock for owner, lock in world.locks.items() if lock.root != path},
            )
        return world


class Transfer(Request):
    def __init__(self, path, destination, world):
        super().__init__(path, 204 if destination in world.nodes else 201)
        self.destination = destination
        self.headers = {"Destination": dav.url(destination)}

    def __str__(self):
        return f"{self.method} {self.path} to {self.destination}"

    def relocated(self, nodes):
        return {self.destination + path[len(self.path) :]: node for path, node in nodes.items()}


class Move(Transfer):
    method = "MOVE"

    def after(self, world, token=None):
        return world.without(self.path).replaced(self.destination, self.relocated(world.tree(self.path)))


class Copy(Transfer):
    method = "COPY"

    def __init__(self, path, destination, world, depth):
        super().__init__(path, destination, world)
        self.depth = depth
        self.headers["Depth"] = depth

    def after(self, world, token=None):
        nodes = world.tree(self.path) if self.depth == "infinity" else {self.path: world.nodes[self.path]}
        nodes = {path: dataclasses.replace(node, properties=rewritten(node.properties)) for path, node in nodes.items()}
        return world.replaced(self.destination, self.relocated(nodes))


class TakeLock(Request):
    method = "LOCK"

    def __init__(self, path, world, scope, depth, owner):
        super().__init__(path, 200 if path in world.nodes else 201)
        self.wanted = Lock(path, owner, None, scope, depth)
        self.body = dav.lock_body(scope, owner)
        self.headers = {"Depth": depth, "Timeout": "Second-3600"}

    def after(self, world, token=None):
        made = {} if self.path in world.nodes else {self.path: Node(b"")}
        return world.with_nodes(made).with_locks(dataclasses.replace(self.wanted, token=token))

    def token_of(self, fields):
        return fields["Lock-Token"].strip("<>")


class Refresh(Request):
    method = "LOCK"

    def __init__(self, lock):
        super().__init__(lock.root, 200)
        self.headers = {"If": f"(<{lock.token}>)", "Timeout": "Second-7200"}

    def __str__(self):
        return f"LOCK {self.path} again"


class Unlock(Request):
    method = "UNLOCK"

    def __init__(self, lock):
        super().__init__(lock.root, 204)
        self.lock = lock
        self.headers = {"Lock-Token": f"<{lock.token}>"}

    def after(self, world, token=None):
        return World(world.nodes, {owner: lock for owner, lock in world.locks.items() if owner != self.lock.owner})


class Refused(Request):
    """A request without the token that it needs: nothing may come of it."""

    changes = False

    def __init__(self, method, path, headers=None, body=None):
        super().__init__(path, 423)
        self.method = method
        self.headers = headers or {}
        self.body = body

    def __str__(self):
        return f"{self.method} {self.path} without a token"
