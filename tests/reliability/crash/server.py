"""The server's process, and where it keeps what is looked at when it is not running."""

import os

import served


class Server(served.Server):
    def __init__(self, dll, root, log):
        super().__init__(dll, root, log)
        self.staging = os.path.join(root, ".webdav", "staging")
        self.database = os.path.join(root, ".webdav", "state.db")
