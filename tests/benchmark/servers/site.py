"""What a server is given: a port, a directory to serve, one for its state, and a user to be."""

import os
import pwd
import socket
from contextlib import contextmanager
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Site:
    root: str
    state: str
    port: int
    user: str

    @classmethod
    def on(cls, disk, user):
        site = cls(os.path.join(disk, "root"), os.path.join(disk, "state"), free_port(), user)
        site._make(site.root, site.state, os.path.join(site.state, "uploads"))
        return site

    def beside(self, name):
        """The same directory for another server, with a state of its own."""
        site = replace(self, state="%s-%s" % (self.state, name), port=free_port())
        site._make(site.state, os.path.join(site.state, "uploads"))
        return site

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    @contextmanager
    def as_user(self):
        """What is made meanwhile belongs to the server's user."""
        if os.geteuid() != 0:
            yield
            return
        entry = pwd.getpwnam(self.user)
        os.setegid(entry.pw_gid)
        os.seteuid(entry.pw_uid)
        try:
            yield
        finally:
            os.seteuid(0)
            os.setegid(0)

    def configure(self, template):
        """The template with this site's values; the path of the file that was written."""
        with open(template) as file:
            text = file.read()
        for name in ("root", "state", "port", "user"):
            text = text.replace("@%s@" % name.upper(), str(getattr(self, name)))
        path = os.path.join(self.state, os.path.basename(template))
        with open(path, "w") as file:
            file.write(text)
        return path

    def _make(self, *directories):
        for directory in directories:
            os.mkdir(directory)
            if os.geteuid() == 0:
                os.chown(directory, *pwd.getpwnam(self.user)[2:4])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
