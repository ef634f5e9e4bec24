"""Compares what is there after a start with what must be there."""

import dataclasses
import os
import sqlite3

import dav
import load
import model

# How many of its homes are kept of each worker, to see that later kills do not touch them.
KEPT = 3


@dataclasses.dataclass
class Found:
    """What the disk and the server show: resources, and locks by token."""

    nodes: dict
    locks: dict


class Judge:
    def __init__(self, server, workers, contest, findings):
        self._server = server
        self._workers = workers
        self._contest = contest
        self._findings = findings

    def examine(self, random, after_start=True):
        """Looks at everything, and finds out which of the possible worlds every worker is in."""
        if after_start:
            for name in os.listdir(self._server.staging):
                self._findings.add("staging", f"{name} is in staging after the start")

        found = self._look()
        self._check_database(found)
        for worker in self._workers:
            for home, world in worker.past:
                self._compare(worker.name, home, world, found)
            self._settle(worker, found)
        self._settle_contest(found)
        connection = dav.Connection(self._server.port)
        self._check_guards(connection, random)
        for worker in self._workers:
            self._clear(worker, connection)
        connection.close()

    def _look(self):
        files = self._walk()
        connection = dav.Connection(self._server.port)
        status, _, body = connection.ask("PROPFIND", "/", {"Depth": "infinity"})
        connection.close()
        if status != 207:
            raise RuntimeError(f"PROPFIND was answered {status}")

        shown = dav.read_multistatus(body)
        shown.pop("")
        for path in files.keys() ^ shown.keys():
            self._findings.add("writes", f"{path} is {'not shown' if path in files else 'not on the disk'}")

        nodes = {path: model.Node(files[path], tuple(sorted(properties.items()))) for path, (properties, _) in shown.items() if path in files}
        return Found(nodes, self._read_locks(shown))

    def _walk(self):
        found = {}
        for directory, collections, files in os.walk(self._server.root):
            if directory == self._server.root:
                collections.remove(".webdav")
            base = directory.removeprefix(self._server.root)
            found.update({f"{base}/{name}": None for name in collections})
            for name in files:
                with open(os.path.join(directory, name), "rb") as file:
                    found[f"{base}/{name}"] = data = file.read()
                if not model.is_whole(data):
                    self._findings.add("halves", f"{base}/{name} is not whole: {data[:60]!r}")
        for path in found:
            if os.path.basename(path).startswith(".webdav-"):
                self._findings.add("staging", f"{path} was left in sight")
        return found

    def _read_locks(self, shown):
        locks, owners = {}, {}
        for path, (_, covering) in shown.items():
            for root, owner, token, scope, depth in covering:
                if root == path:
                    locks[token] = model.Lock(root, owner, token, scope, depth)
                    if owners.setdefault(owner, token) != token:
                        self._findings.add("doubled", f"{root} is locked twice for {owner}")
        for path, (_, covering) in shown.items():
            tokens = [token for _, _, token, _, _ in covering]
            if sorted(tokens) != sorted(lock.token for lock in locks.values() if lock.covers(path)):
                self._findings.add("guard", f"{path} shows the locks {tokens}, which are not those that cover it")
        return locks

    def _check_database(self, found):
        database = sqlite3.connect(f"file:{self._server.database}?mode=ro", uri=True, timeout=20)
        with database:
            properties = database.execute(
                "SELECT path || '/' || name, count(*) FROM property JOIN collection ON collection = id GROUP BY path, name").fetchall()
            locks = database.execute("SELECT token, root FROM lock").fetchall()
            intents = database.execute("SELECT kind, source, destination FROM intent").fetchall()
        database.close()
        for path, count in properties:
            if path not in found.nodes:
                self._findings.add("orphans", f"{count} properties are kept of {path}, which is gone")
            elif count != len(found.nodes[path].properties):
                self._findings.add("doubled", f"{count} properties are kept of {path}, {len(found.nodes[path].properties)} are shown")
        for token, root in locks:
            if root not in found.nodes:
                self._findings.add("orphans", f"a lock is kept of {root}, which is gone")
            elif token not in found.locks:
                self._findings.add("orphans", f"a lock is kept of {root}, and not shown")
        for token in found.locks.keys() - {token for token, _ in locks}:
            self._findings.add("locks", f"the lock on {found.locks[token].root} is shown, and not kept")
        for intent in intents:
            self._findings.add("orphans", f"{intent} is still noted as under way")

    def _compare(self, name, home, world, found):
        """What an earlier kill left is not touched any more: it must be as it was found then."""
        for promise, what in _differences(world, *_part_of(found, home)):
            self._findings.add(promise, f"{name}: {what} (left as it was after an earlier kill)")

    def _clear(self, worker, connection):
        """Removes the oldest of what is kept of a worker, locks and all; that nothing stays of it is seen the next time."""
        worker.past.append((worker.home, worker.world))
        if len(worker.past) <= KEPT:
            return

        _, world = worker.past.pop(0)
        for path in [path for path in world.nodes if model.parent(path) not in world.nodes]:
            status, _, body = connection.ask("DELETE", path, dav.if_header(world.rooted(path)))
            if status != 204:
                self._findings.add("answers", f"DELETE {path}: {status} instead of 204: {body[:200]!r}")

    def _settle(self, worker, found):
        nodes, locks = _part_of(found, worker.home)
        request, worker.unanswered = worker.unanswered, None
        before, worker.world = worker.world, model.World(nodes, locks)
        nearest = None
        for world in [before] if request is None else request.leaves(before):
            if isinstance(world, model.Partly):
                world = world.matching(nodes)
            if world is None:
                continue
            differences = list(_differences(world, nodes, locks))
            if nearest is None or len(differences) < len(nearest):
                nearest = differences
        how = f"after {request}, unanswered" if request else "with nothing unanswered"
        for promise, what in nearest:
            self._findings.add(promise, f"{worker.name}: {what} ({how})")

    def _settle_contest(self, found):
        kept = {}
        pending = {worker.in_flight.owner: worker for worker in self._workers if worker.in_flight}
        for lock in found.locks.values():
            if lock.root not in load.CONTESTED:
                continue
            held = self._contest.held.get(lock.root)
            if held and held.lock.token == lock.token:
                kept[lock.root] = held
            elif lock.owner in pending:
                kept[lock.root] = load.Held(lock)
            else:
                self._findings.add("doubled", f"{lock.root} is locked for {lock.owner}, who does not hold it")
        for path, held in self._contest.held.items():
            node = found.nodes.get(path)
            if path not in kept or kept[path] is not held:
                self._findings.add("locks", f"the lock of {held.lock.owner} on {path} is lost")
            elif node is None:
                self._findings.add("writes", f"{path} is gone, which {held.lock.owner} had locked")
            elif held.data is not None and node.data != held.data:
                self._findings.add("writes", f"{path} has not what {held.lock.owner} wrote")
            elif held.note is not None and ("note", held.note) not in node.properties:
                self._findings.add("properties", f"{path} has not the property that {held.lock.owner} set")
        self._contest.held = kept
        for worker in self._workers:
            worker.in_flight = None

    def _check_guards(self, connection, random):
        """Every lock still refuses those who have no token, and knows those who have."""
        for worker in self._workers:
            for lock in worker.world.locks.values():
                self._check_guard(connection, random, lock, worker.world)
        for held in self._contest.held.values():
            self._check_guard(connection, random, held.lock, model.World({held.lock.root: model.Node(b"")}, {}))

    def _check_guard(self, connection, random, lock, world):
        without = load.refused(lock, world, random)
        status, _, _ = connection.ask(without.method, without.path, without.headers, without.body)
        if status != 423:
            self._findings.add("guard", f"{without} was answered {status} after the start")
        status, _, _ = connection.ask("LOCK", lock.root, {"If": f"(<{lock.token}>)", "Timeout": "Second-3600"})
        if status != 200:
            self._findings.add("guard", f"the lock of {lock.owner} on {lock.root} could not be refreshed after the start: {status}")


def _part_of(found, home):
    nodes = {path: node for path, node in found.nodes.items() if home.has(path)}
    return nodes, {lock.owner: lock for lock in found.locks.values() if home.has_lock(lock)}


def _differences(world, nodes, locks):
    for path in sorted(world.nodes.keys() | nodes.keys()):
        expected, actual = world.nodes.get(path), nodes.get(path)
        if expected is None or actual is None:
            yield "writes", f"{path} is {'there' if actual else 'gone'}"
        elif expected.data != actual.data:
            yield "writes", f"{path} has other content"
        elif not model.same_properties(expected.properties, actual.properties):
            was, now = ([name for name, _ in node.properties] for node in (expected, actual))
            yield "properties", f"{path} has the properties {now} with other values than {was}" if was == now else f"{path} has the properties {now}, not {was}"
    for owner in sorted(world.locks.keys() | locks.keys()):
        expected, actual = world.locks.get(owner), locks.get(owner)
        if actual is None:
            yield "locks", f"the lock {owner} on {expected.root} is lost"
        elif expected is None:
            yield "doubled", f"the lock {owner} on {actual.root} is there"
        elif dataclasses.replace(actual, token=expected.token) != expected or expected.token not in (None, actual.token):
            yield "locks", f"the lock {owner} is {actual}, not {expected}"
