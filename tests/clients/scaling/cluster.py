"""Three servers on one directory, over one PostgreSQL."""

import os
import re
import signal
import subprocess
import time
import urllib.request

HEARTBEAT = 3


class Server:
    def __init__(self, name, dll, root, connection, log):
        self.name = name
        self.port = None
        self._command = ["dotnet", dll, "--root", root, "--urls", "http://127.0.0.1:0"]
        self._environment = {
            **os.environ, "State__Provider": "PostgreSql", "State__ConnectionString": connection,
            "State__HeartbeatTimeout": f"00:00:0{HEARTBEAT}",
        }
        self._log = log
        self._process = None

    def start(self):
        begin = os.path.getsize(self._log) if os.path.exists(self._log) else 0
        with open(self._log, "ab") as output:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            with open(self._log, "rb") as log:
                log.seek(begin)
                told = re.search(rb"Now listening on: http://127\.0\.0\.1:(\d+)", log.read())
            if told and self.is_well(int(told[1])):
                self.port = int(told[1])
                return
            time.sleep(0.02)
        raise RuntimeError(f"server {self.name} does not start; its exit code is {self._process.poll()}")

    @property
    def is_running(self):
        return self._process is not None and self._process.poll() is None

    def kill(self):
        self._process.kill()
        self._process.wait()

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def stop(self):
        if not self.is_running:
            return None
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.returncode

    def is_well(self, port=None):
        try:
            url = f"http://127.0.0.1:{port or self.port}/.webdav/health"
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


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
