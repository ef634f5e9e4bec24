"""Clients that want the same at the same time, each at the next server."""

import collections
import threading

import web

CLIENTS = 32


def one_winner(three, rounds):
    """Each round, all clients ask for one exclusive lock; the one that gets it gives it back at another server."""
    ports = three.ports
    seen, faults = collections.Counter(), []
    start, end = threading.Barrier(CLIENTS), threading.Barrier(CLIENTS)
    won = []

    def run(client):
        try:
            for number in range(rounds):
                start.wait(120)
                answer = web.lock(ports[(client + number) % 3], "/raced")
                seen[answer.status] += 1
                if answer.status in (200, 201):
                    won.append((client, answer.token))
                elif answer.status != 423:
                    faults.append(f"round {number}: {answer}")
                end.wait(120)
                if client == 0:
                    if len(won) != 1:
                        faults.append(f"round {number}: {len(won)} winners")
                    for winner, token in won:
                        freed = web.unlock(ports[(winner + number + 1) % 3], "/raced", token)
                        if freed.status != 204:
                            faults.append(f"round {number}: UNLOCK {freed}")
                    won.clear()
        except Exception as fault:
            faults.append(f"client {client}: {fault!r}")
            start.abort()
            end.abort()

    threads = [threading.Thread(target=run, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, f"{len(faults)} faults, first: {faults[0]}"
    return f"{rounds} rounds: {dict(seen)}"


def confirmed(three, rounds):
    """A lock at one server, and in the very next request a PUT at another; then the UNLOCK at the third, and the PUT goes through."""
    ports = three.ports
    assert web.ask(ports[0], "MKCOL", "/confirmed/").status == 201
    for number in range(rounds):
        one, next_one, last = (ports[(number + i) % 3] for i in range(3))
        deep = number % 2 == 1
        granted = web.lock(one, "/confirmed/" if deep else "/confirmed/file", "infinity" if deep else "0")
        assert granted.status in (200, 201), f"round {number}: LOCK {granted}"
        refused = web.ask(next_one, "PUT", "/confirmed/file", body=b"passed")
        assert refused.status == 423, f"round {number}: PUT {refused} passed a lock"
        freed = web.unlock(last, "/confirmed/" if deep else "/confirmed/file", granted.token)
        assert freed.status == 204, f"round {number}: UNLOCK {freed}"
        put = web.ask(one, "PUT", "/confirmed/file", body=b"free")
        assert put.status in (201, 204), f"round {number}: PUT {put}"
    return f"{rounds} rounds"


def updates(three, rounds):
    """Counters that are read and written with If-Match at all servers: none of what was confirmed is lost."""
    ports = three.ports
    assert web.ask(ports[0], "PUT", "/counter", body=b"0").status == 201
    done, faults = collections.Counter(), []

    def run(client):
        try:
            for number in range(rounds // 4):
                read = web.ask(ports[(client + number) % 3], "GET", "/counter")
                wrote = web.ask(
                    ports[(client + number + 1) % 3], "PUT", "/counter", {"If-Match": read.fields["ETag"]}, str(int(read.body) + 1).encode())
                done[wrote.status] += 1
        except Exception as fault:
            faults.append(f"client {client}: {fault!r}")

    threads = [threading.Thread(target=run, args=(client,)) for client in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = int(web.ask(ports[0], "GET", "/counter").body)
    assert not faults, faults[0]
    assert done.keys() <= {204, 412}, done
    assert counted == done[204] > 0, f"counted {counted}, confirmed {done}"
    return f"{dict(done)}"
