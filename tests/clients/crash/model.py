"""What must be there: the resources, properties and locks of one worker, and what each of its requests makes of them."""

import dataclasses
import zlib

import dav


def content(owner, number, size):
    """Content that says itself whether it is whole."""
    if size == 0:
        return b""

    unit = f"{owner} {number} ".encode()
    filler = (unit * (size // len(unit) + 1))[:size]
    return f"{size} {zlib.crc32(filler)}\n".encode() + filler


def is_whole(data):
    if not data:
        return True

    head, separator, filler = data.partition(b"\n")
    return bool(separator) and head == f"{len(filler)} {zlib.crc32(filler)}".encode()


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
        return world.with_nodes({self.path: Node(self.data, old.properties if old else ())})


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
