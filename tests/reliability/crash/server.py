"""The server's process."""

import os
import re
import signal
import subprocess
import time
import urllib.request


class Server:
    def __init__(self, dll, root, log):
        self.root = root
        self.staging = os.path.join(root, ".webdav", "staging")
        self.database = os.path.join(root, ".webdav", "state.db")
        self.port = None
        self._dll = dll
        self._log = log
        self._process = None

    def start(self):
        """Starts it and waits until it is well."""
        begin = os.path.getsize(self._log) if os.path.exists(self._log) else 0
        with open(self._log, "ab") as output:
            self._process = subprocess.Popen(
                ["dotnet", self._dll, "--root", self.root, "--urls", "http://127.0.0.1:0"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            with open(self._log, "rb") as log:
                log.seek(begin)
                told = re.search(rb"Now listening on: http://127\.0\.0\.1:(\d+)", log.read())
            if told and self._is_well(int(told[1])):
                self.port = int(told[1])
                return
            time.sleep(0.02)
        raise RuntimeError(f"the server does not start; its exit code is {self._process.poll()}")

    @property
    def is_running(self):
        return self._process is not None and self._process.poll() is None

    def kill(self):
        self._process.kill()
        self._process.wait()

    def stop(self):
        """Ends it as a service manager does; gives its exit code."""
        if not self.is_running:
            return None

        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.returncode

    @staticmethod
    def _is_well(port):
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{port}/.webdav/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False
