"""COPY, MOVE and DELETE."""

import os

from machine.memory import read_tree, settle
from web.dav import check, wanted
from work.bench import medians, repeat, workload
from work.fixtures import MOVES


@workload("tree")
def copy_tree(bench):
    def once(i):
        settle()
        read_tree(bench.disk("tree"))
        reply = wanted(bench.transfer("COPY", "tree/", "copied%d/" % i), 200, 201, 204)
        check_tree(bench, "copied%d" % i)
        return (reply.total,)

    seconds, = medians(repeat(once))
    return {"seconds": seconds, "hard_link": bench.same_inode("tree/d00000/f00000.bin", "copied0/d00000/f00000.bin")}


@workload("big")
def copy_1g(bench):
    def once(i):
        settle(bench.sizes.big * 3 // 2)
        name = "copied%d.bin" % i
        cpu = bench.cpu()
        reply = wanted(bench.transfer("COPY", "big.bin", name), 200, 201, 204)
        cpu = bench.cpu() - cpu
        check(bench.fixtures.same_as_source(name), "the file on disk differs")
        linked = bench.same_inode("big.bin", name)
        os.unlink(bench.disk(name))
        return reply.total, cpu, linked

    seconds, cpu, linked = medians(repeat(once))
    return {"seconds": seconds, "cpu_each_s": cpu, "hard_link": bool(linked)}


@workload("moved")
def move_tree(bench):
    """There and back, often: each is so short that one says little."""
    os.sync()
    seconds, = medians(repeat(lambda i: (move(bench, "moved%d" % (i % 2), "moved%d" % (1 - i % 2)),), MOVES))
    check_tree(bench, "moved%d" % (MOVES % 2))
    return {"seconds": seconds}


def move(bench, source, destination):
    reply = wanted(bench.transfer("MOVE", source + "/", destination + "/"), 200, 201, 204)
    check(os.path.exists(bench.disk(destination)), "there is nothing at the destination")
    check(not os.path.exists(bench.disk(source)), "the source still exists")
    return reply.total


@workload("deleted")
def delete_tree(bench):
    def once(i):
        os.sync()
        check_tree(bench, "deleted%d" % i)
        reply = wanted(bench.ask("DELETE", "deleted%d/" % i), 200, 204)
        check(not os.path.exists(bench.disk("deleted%d" % i)), "the tree still exists")
        return (reply.total,)

    seconds, = medians(repeat(once))
    return {"seconds": seconds}


def check_tree(bench, name):
    bench.check_files(name, bench.sizes.tree_total, bench.sizes.tree_bytes)
