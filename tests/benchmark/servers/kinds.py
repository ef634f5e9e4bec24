"""How each server is started over a site. Those that do not change their user by themselves are started as that user."""

import os
import subprocess
from dataclasses import dataclass
from typing import Callable

HERE = os.path.dirname(os.path.abspath(__file__))
QUIET = "--Serilog:MinimumLevel:Default=Warning"  # No access log, as with the peers.


@dataclass(frozen=True)
class Kind:
    name: str
    title: str
    command: Callable  # From a Site to arguments.
    version: list[str]  # What prints it.
    options: tuple = ()
    changes_user: bool = False
    environment: Callable = lambda site: {}


def conf(name):
    return os.path.join(HERE, name + ".conf")


def goxnet(built):
    """Go's package as a server, built into the directory `built`."""
    program = os.path.join(built, "goxnet")
    if not os.path.exists(program):
        environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOFLAGS="", GOCACHE=os.path.join(built, "go-cache"))
        subprocess.run(["go", "build", "-o", program, os.path.join(HERE, "goxnet", "main.go")], check=True, env=environment)
    return program


def kinds(ours, built):
    """All servers, ours first. `ours` is the command that starts it, `built` a directory that all users can read."""
    return {kind.name: kind for kind in (
        Kind("ours", "WebDavServer",
             lambda site: [*ours, "--root", site.root, "--urls", "http://127.0.0.1:%d" % site.port],
             [*ours, "--version"], options=(QUIET,)),
        Kind("apache", "Apache",
             lambda site: ["apache2", "-f", site.configure(conf("apache")), "-DFOREGROUND"], ["apache2", "-v"], changes_user=True),
        Kind("nginx", "nginx",
             lambda site: ["nginx", "-c", site.configure(conf("nginx"))], ["nginx", "-v"], changes_user=True),
        Kind("lighttpd", "lighttpd",
             lambda site: ["lighttpd", "-D", "-f", site.configure(conf("lighttpd"))], ["lighttpd", "-v"], changes_user=True),
        Kind("rclone", "rclone",
             lambda site: ["rclone", "serve", "webdav", site.root, "--addr", "127.0.0.1:%d" % site.port], ["rclone", "version"],
             environment=lambda site: {"HOME": site.state, "RCLONE_CONFIG": "/dev/null"}),
        Kind("goxnet", "Go x/net",
             lambda site: [goxnet(built), "127.0.0.1:%d" % site.port, site.root],
             ["dpkg-query", "-W", "-f", "${Package} ${Version} ", "golang-golang-x-net-dev", "golang-go"]),
    )}
