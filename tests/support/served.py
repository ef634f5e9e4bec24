"""The server as a process of its own, with a log that grows over its starts."""

import os
import re
import signal
import subprocess
import time
import urllib.request


class Server:
    def __init__(self, dll, root, log, environment=None):
        self.root = root
        self.port = None
        self._command = ["dotnet", dll, "--root", root, "--urls", "http://127.0.0.1:0"]
        self._environment = {**os.environ, **(environment or {})}
        self._log = log
        self._process = None

    def start(self):
        """Starts it and waits until it is well."""
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
        raise RuntimeError(f"the server with the log {self._log} does not start; its exit code is {self._process.poll()}")

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
        """Ends it as a service manager does, frozen or not; gives its exit code."""
        if not self.is_running:
            return None
        self.thaw()
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
