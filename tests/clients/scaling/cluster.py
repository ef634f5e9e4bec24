"""Three servers on one directory, over one PostgreSQL."""

import os
import subprocess
import time

import served

HEARTBEAT = 3


class Server(served.Server):
    def __init__(self, name, dll, root, connection, log):
        super().__init__(dll, root, log, {
            "State__Provider": "PostgreSql", "State__ConnectionString": connection, "State__HeartbeatTimeout": f"00:00:0{HEARTBEAT}"})
        self.name = name


class Cluster:
    def __init__(self, arguments):
        self.root = arguments.root
        self.database = arguments.database
        self.servers = [
            Server(name, arguments.server, arguments.root, arguments.connection, f"{arguments.log}-{name}.log") for name in "abc"]

    def start(self):
        for server in self.servers:
            if not server.is_running:
                server.start()

    def stop(self):
        return [server.stop() for server in self.servers]

    @property
    def ports(self):
        return [server.port for server in self.servers]

    def path(self, name):
        return os.path.join(self.root, name)

    def staged(self):
        """What lies in the staging directories of all servers."""
        area = os.path.join(self.root, ".webdav", "servers")
        return [os.path.join(server, name) for server in os.listdir(area) for name in os.listdir(os.path.join(area, server))]

    def areas(self):
        return os.listdir(os.path.join(self.root, ".webdav", "servers"))

    def rows(self, query):
        """What the database says."""
        shown = subprocess.run(
            ["psql", "-h", self.database, "-U", "webdav", "-d", "postgres", "-Atqc", query], capture_output=True, text=True, check=True)
        return shown.stdout.split("\n")[:-1]

    def wait(self, what, is_so, seconds=30):
        """Waits until something is so; says how long that took."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            if is_so():
                return time.monotonic() - begin
            time.sleep(0.05)
        raise AssertionError(f"{what}: not within {seconds} s")
