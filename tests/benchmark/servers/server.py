"""A server over a site: started, timed until it answers, and ended."""

import os
import subprocess
import time

from machine.process import Process
from web.client import Connection, Cut

LONGEST_START = 30


class Server:
    def __init__(self, kind, site, options=None):
        self.kind, self.site = kind, site
        self.options = kind.options if options is None else options
        self.child = self.process = None

    def start(self):
        """Starts it; the seconds until the first answer."""
        command = [*self.kind.command(self.site), *self.options]
        identity = {}
        if os.geteuid() == 0 and not self.kind.changes_user:
            identity = {"user": self.site.user, "group": self.site.user, "extra_groups": []}
        with open(os.path.join(self.site.state, "output.log"), "ab") as output:
            began = time.monotonic()
            self.child = subprocess.Popen(command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                          env={**os.environ, **self.kind.environment(self.site)}, **identity)
        self.process = Process(self.child.pid)
        while not self._answers():
            if self.child.poll() is not None or time.monotonic() - began > LONGEST_START:
                self.stop()
                raise RuntimeError("%s does not start: %s" % (self.kind.name, self.said()))
            time.sleep(0.001)
        return time.monotonic() - began

    def _answers(self):
        connection = Connection(self.site.address, patience=2)
        try:
            return connection.ask("PROPFIND", "/", {"Depth": "0"}).status in (200, 207)
        except (OSError, Cut):
            return False
        finally:
            connection.close()

    def alive(self):
        return self.child.poll() is None

    def said(self):
        with open(os.path.join(self.site.state, "output.log"), errors="replace") as output:
            return output.read()[-500:]

    def stop(self):
        """Tells it to end; kills it and what came from it if it does not."""
        if self.child is None:
            return
        family = self.process.family()
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            for pid in family:
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    pass
            self.child.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
