"""The load: workers, each alone in a subtree of its own and in its own names of a shared collection, and all of them at a few
shared files, where only locks keep them apart."""

import threading
import time
from email.utils import formatdate

import dav
import model

SHARED = "/shared"
PACE_SECONDS = 0.002
MOST_REQUESTS = 120
CONTESTED = [f"{SHARED}/contested {i}" for i in range(4)]


class Findings:
    """What was found wrong, by the promise that it breaks; and how much was done."""

    def __init__(self):
        self.broken = {}
        self.done = {}
        self._gate = threading.Lock()

    def add(self, promise, what):
        with self._gate:
            self.broken.setdefault(promise, []).append(what)

    def count(self, what):
        with self._gate:
            self.done[what] = self.done.get(what, 0) + 1


class Contest:
    """Who holds the locks on the shared files, as far as it is known."""

    def __init__(self):
        self.held = {}
        self.gate = threading.Lock()

    def holder(self, path):
        with self.gate:
            return self.held.get(path)


class Held:
    """A shared file that a worker has locked, and what it has confirmed there since: None is not known."""

    def __init__(self, lock):
        self.lock = lock
        self.data = None
        self.note = None


class Moment:
    """When to kill: as one of the workers sends its n-th request, or after that its first of a kind that has several steps."""

    def __init__(self, workers, chance):
        self._worker = chance.choice(workers).name
        self._number = chance.randint(5, MOST_REQUESTS)
        self._method = chance.choice([None, None, None, None, "MOVE", "COPY", "DELETE", "LOCK", "PROPPATCH", "PATCH"])
        self._come = threading.Event()

    def see(self, worker, number, method):
        if worker.name == self._worker and number >= self._number and self._method in (None, method):
            self._come.set()

    def wait(self):
        self._come.wait(30)


class Home:
    """What is a worker's own between two kills: a collection, names in the shared one, and locks."""

    def __init__(self, worker, number):
        self.path = f"/{worker} {number}"
        self.shared = f"{SHARED}/{worker} {number} "
        self.owner = f"{worker}-{number}-"

    def has(self, path):
        return model.is_at_or_below(path, self.path) or path.startswith(self.shared)

    def has_lock(self, lock):
        return lock.owner.startswith(self.owner) and lock.root not in CONTESTED


class Worker:
    """One of those who load the server. Each time it begins anew in a home that nothing is in, so what it does there follows from
    the seed alone; how it left its earlier homes is not touched any more, and must stay as it is."""

    def __init__(self, name, findings, contest):
        self.name = name
        self.home = None
        self.world = model.World({}, {})
        self.past = []
        self.unanswered = None
        self.in_flight = None
        self._findings = findings
        self._contest = contest
        self._number = 0
        self._requests = 0
        self._connection = None
        self._random = self._contention = self._pace = None
        self._moment = None

    def run(self, port, number, chance, stop, moment):
        """Sends requests until the server is gone or everything shall stop."""
        self._number = self._requests = 0
        self._moment = moment
        self.home = Home(self.name, number)
        self.world = model.World({}, {})
        # Whether others hold a lock in the contest is not for the seed to say: what depends on it has a chance of its own.
        self._random, self._contention, self._pace = chance("load"), chance("contest"), chance("pace")
        self._connection = dav.Connection(port)
        try:
            while not stop.is_set():
                self._one()
                time.sleep(self._pace.random() * PACE_SECONDS)
        except dav.Unsent:
            self.unanswered = self.in_flight = None
        except dav.Unanswered as fault:
            if not stop.is_set():
                # The campaign sets this before it kills; let it be seen which came first.
                time.sleep(0.5)
            if not stop.is_set():
                self._findings.add("answers", f"unasked, the server left: {fault}")
        except Exception as fault:  # a fault of the campaign must not look like a quiet worker
            self._findings.add("answers", f"{self.name}: {fault!r}")
        finally:
            self._connection.close()

    def _one(self):
        if self._random.random() < 0.15:
            self._contend()
            return

        request = self._choose()
        self.unanswered = request
        status, fields, body = self._send(request)
        self.unanswered = None
        well = status == request.expected and (request.method != "PROPPATCH" or status != 207 or dav.all_ok(body))
        if not well:
            self._findings.add("answers", f"{request}: {status} instead of {request.expected}: {body[:200]!r}")
            if status < 400:
                raise RuntimeError("the model is lost")
            return

        self.world = request.after(self.world, request.token_of(fields))
        self._findings.count(request.method if request.changes else "refused")

    def _send(self, request):
        tokens = {} if isinstance(request, (model.Refresh, model.Refused)) else dav.if_header(self.world.locks.values())
        body = request.body
        if isinstance(request, model.Put) and request.pieces:
            body = self._slowly(request.data, request.pieces)
        self._requests += 1
        self._moment.see(self, self._requests, request.method)
        return self._connection.ask(request.method, request.path, {**tokens, **request.headers}, body)

    def _slowly(self, data, pieces):
        step = max(1, len(data) // pieces)
        for at in range(0, len(data), step):
            yield data[at : at + step]
            time.sleep(self._pace.random() * 0.02)

    def _next(self):
        self._number += 1
        return self._number

    def _choose(self):
        """A request that should succeed, or one that locks should refuse."""
        random, world = self._random, self.world
        if self.home.path not in world.nodes:
            return model.Mkcol(self.home.path)

        while True:
            kind = random.choices(list(_WEIGHTS), weights=_WEIGHTS.values())[0]
            if len(world.nodes) > 30 and kind in ("put", "mkcol", "copy"):
                kind = "delete"
            request = getattr(self, "_" + kind)()
            if request is not None:
                return request

    def _any(self, what=lambda path, node: True):
        """One of the resources; its home stays where it is."""
        paths = [path for path, node in self.world.nodes.items() if path != self.home.path and what(path, node)]
        return self._random.choice(paths) if paths else None

    def _new_path(self):
        """A name that nothing has, in one of its collections or in the shared one."""
        if self._random.random() < 0.15:
            return f"{self.home.shared}{self._next()}"

        collections = [path for path, node in self.world.nodes.items() if node.is_collection and path.count("/") < 5]
        return f"{self._random.choice(collections)}/{self._random.choice(_NAMES)}{self._next()}"

    def _data(self, random=None):
        return model.content(random or self._random, self.home.path)

    def _put(self):
        over = self._any(lambda path, node: not node.is_collection) if self._random.random() < 0.5 else None
        return model.Put(over or self._new_path(), self.world, self._data(), self._random.choice([0, 0, 0, 5]))

    def _part(self):
        """A part of a file in place of the same part of it, or longer at its end."""
        path = self._any(lambda path, node: node.data)
        if path is None:
            return None

        first, last, part = model.replacement(self._random, self.world.nodes[path].data, self.home.path)
        kind = self._random.choice([model.PutPart, model.PatchPart])
        return kind(path, self.world, first, last, part)

    def _mkcol(self):
        return model.Mkcol(self._new_path())

    def _proppatch(self):
        path = self._any()
        if path is None:
            return None

        changes = []
        for name in self._random.sample(["a", "b", "c"], self._random.randint(1, 3)):
            value = f"{self.name}-{self._next()} " + "x" * self._random.choice([0, 20, 3000])
            changes.append((name, None if self._random.random() < 0.2 else value))
        if self._random.random() < 0.4:
            changes += self._as_windows(self.world.nodes[path])
        return model.PropPatch(path, changes)

    def _as_windows(self, node):
        """What Windows sets after each write; the time of a collection goes on with its members, so that of files only."""
        times = ["Win32CreationTime"] + ([] if node.is_collection else ["Win32LastModifiedTime"])
        changes = [(name, formatdate(self._random.randrange(10**9, 15 * 10**8), usegmt=True)) for name in times]
        return changes + ([] if node.is_collection else [("Win32FileAttributes", self._random.choice(["00000020", "00000022"]))])

    def _delete(self):
        path = self._any()
        return path and model.Delete(path)

    def _target(self, source):
        """Where to copy or move to: a new path, or something that is there already."""
        path = self._any() if self._random.random() < 0.5 else self._new_path()
        apart = path and not model.is_at_or_below(path, source) and not model.is_below(source, path)
        return path if apart else None

    def _move(self):
        source = self._any()
        destination = source and self._target(source)
        return destination and model.Move(source, destination, self.world)

    def _copy(self):
        source = self._any()
        destination = source and self._target(source)
        depth = "0" if self._random.random() < 0.2 else "infinity"
        return destination and model.Copy(source, destination, self.world, depth)

    def _lock(self):
        path = self._new_path() if self._random.random() < 0.2 else self._any()
        if path is None or len(self.world.locks) > 8:
            return None

        scope = self._random.choice(["exclusive", "exclusive", "shared"])
        depth = self._random.choice(["0", "infinity"])
        met = self.world.covering(path) + (self.world.rooted(path) if depth == "infinity" else [])
        if any("exclusive" in (scope, lock.scope) for lock in met):
            return None
        return model.TakeLock(path, self.world, scope, depth, self._owner())

    def _owner(self):
        return f"{self.home.owner}{self._next()}"

    def _refresh(self):
        locks = list(self.world.locks.values())
        return model.Refresh(self._random.choice(locks)) if locks else None

    def _unlock(self):
        locks = list(self.world.locks.values())
        return model.Unlock(self._random.choice(locks)) if locks else None

    def _refused(self):
        locks = list(self.world.locks.values())
        return refused(self._random.choice(locks), self.world, self._random) if locks else None

    def _contend(self):
        """At a shared file: to lock it, to use the lock, or to try without."""
        path = self._contention.choice(CONTESTED)
        holder = self._contest.holder(path)
        if holder is None and self._contention.random() < 0.6:
            self._take(path)
        elif holder is not None and holder.lock.owner.startswith(self.name + "-"):
            self._use(path, holder)
        else:
            self._try(path)

    def _contender(self):
        return f"{self.home.owner}contest-{self._contention.getrandbits(64):x}"

    def _take(self, path):
        request = model.TakeLock(path, model.World({}, {}), "exclusive", "0", self._contender())
        self.in_flight = request.wanted
        status, fields, _ = self._send_plainly(request.method, path, request.headers, request.body)
        if status in (200, 201):
            lock = model.Lock(path, request.wanted.owner, request.token_of(fields), "exclusive", "0")
            with self._contest.gate:
                self._contest.held[path] = Held(lock)
            self._findings.count("LOCK")
        elif status not in (423, 412, 409, 404):
            self._findings.add("answers", f"LOCK {path}: {status}")
        self.in_flight = None

    def _use(self, path, held):
        way = self._contention.random()
        tokens = dav.if_header([held.lock])
        if way < 0.2:
            with self._contest.gate:
                del self._contest.held[path]
            self.in_flight = held.lock
            status, _, _ = self._send_plainly("UNLOCK", path, {"Lock-Token": f"<{held.lock.token}>"}, None)
            self.in_flight = None
            expected = (204,)
        elif way < 0.6:
            data, held.data = self._data(self._contention), None
            status, _, _ = self._send_plainly("PUT", path, tokens, data)
            held.data, expected = data, (204,)
        else:
            note, held.note = self._contender(), None
            status, _, body = self._send_plainly("PROPPATCH", path, tokens, dav.patch_body([("note", note)]))
            held.note, expected = note, (207,)
            if status == 207 and not dav.all_ok(body):
                self._findings.add("answers", f"PROPPATCH {path}: {body[:200]!r}")
        if status not in expected:
            self._findings.add("guard", f"the holder of the lock on {path} got {status}, not {expected[0]}")

    def _try(self, path):
        """Changes a shared file without a lock of one's own: it must fail if another has held one all the while."""
        before = self._contest.holder(path)
        other = self._contention.choice([at for at in CONTESTED if at != path])
        method, headers, body = self._contention.choice([
            ("PUT", {}, self._data(self._contention)),
            ("DELETE", {}, None),
            ("PROPPATCH", {}, dav.patch_body([("note", self._contender())])),
            ("MOVE", {"Destination": dav.url(other)}, None),
            ("COPY", {"Destination": dav.url(path)}, None),
        ])
        status, _, _ = self._send_plainly(method, other if method == "COPY" else path, headers, body)
        if before is not None and before is self._contest.holder(path) and status < 300:
            self._findings.add("guard", f"{method} {path} without a token was answered {status} while {before.lock.owner} had locked it")
        elif status not in (200, 201, 204, 207, 404, 409, 412, 423):
            self._findings.add("answers", f"{method} {path} without a token: {status}")
        self._findings.count("contested")

    def _send_plainly(self, method, path, headers, body):
        return self._connection.ask(method, path, headers, body)


def refused(lock, world, random):
    """A request that a lock must refuse."""
    node = world.nodes.get(lock.root)
    choices = [
        ("PROPPATCH", {}, dav.patch_body([("a", "stolen")])),
        ("DELETE", {}, None),
        ("MOVE", {"Destination": dav.url(lock.root + " stolen")}, None),
    ]
    if node is not None and not node.is_collection:
        choices.append(("PUT", {}, b"stolen"))
    method, headers, body = random.choice(choices)
    return model.Refused(method, lock.root, headers, body)


_NAMES = ["file ", "é", "a%b", "x'y"]
_WEIGHTS = {
    "put": 18, "part": 10, "mkcol": 8, "proppatch": 18, "delete": 6, "move": 18, "copy": 9, "lock": 12, "refresh": 4, "unlock": 5, "refused": 3,
}
