"""PostgreSQL goes away, and comes back."""

import os
import signal
import subprocess
import time

import web


def away(three, arguments):
    a, b, c = three.ports
    assert web.ask(a, "PUT", "/kept", body=b"kept").status in (201, 204)
    held = web.lock(b, "/kept")
    assert held.status == 200, held
    with open(arguments.postmaster, encoding="ascii") as file:
        os.kill(int(file.readline()), signal.SIGQUIT)
    three.wait("PostgreSQL is gone", lambda: not is_there(three))
    slowest = 0
    for port in (a, b, c):
        for method, status in (("GET", 200), ("HEAD", 200), ("OPTIONS", 200), ("PUT", 503), ("LOCK", 503), ("DELETE", 503), ("PROPPATCH", 503)):
            begin = time.monotonic()
            answer = web.lock(port, "/kept") if method == "LOCK" else web.ask(port, method, "/kept", body=PATCH if method == "PROPPATCH" else None)
            slowest = max(slowest, time.monotonic() - begin)
            assert answer.status == status, f"{method}: {answer}"
            assert status != 503 or "Retry-After" in answer.fields, f"{method}: no Retry-After"
        assert web.ask(port, "GET", "/.webdav/health").status == 503
    assert slowest < 3, f"an answer took {slowest:.1f} s"
    subprocess.run([arguments.postmaster + ".start"], check=True)
    took = three.wait("work goes on", lambda: all(web.ask(port, "PUT", f"/again-{port}", body=b"again").status in (201, 204) for port in (a, b, c)))
    locked = web.ask(c, "PUT", "/kept", body=b"passed")
    assert locked.status == 423, f"the lock is lost: {locked}"
    assert web.unlock(a, "/kept", held.token).status == 204
    assert web.ask(c, "PUT", "/kept", body=b"free").status == 204
    assert len(three.areas()) == 3, three.areas()
    three.wait("it is well", lambda: all(server.is_well() for server in three.servers))
    return f"the slowest answer took {slowest:.2f} s; {took:.1f} s after PostgreSQL was started, all servers wrote"


PATCH = (b"<D:propertyupdate xmlns:D='DAV:' xmlns:n='urn:n'><D:set><D:prop><n:a>1</n:a></D:prop></D:set></D:propertyupdate>")


def is_there(three):
    try:
        return three.rows("SELECT 1") == ["1"]
    except subprocess.CalledProcessError:
        return False
