"""Runs the real program on a free port with a data folder of its own."""

import os
import pathlib
import queue
import re
import signal
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[3]
# The first start imports the sample knowledge base; a slow machine takes minutes in a debug build.
START_SECONDS = 300


def environment(data, **settings):
    """The environment of a server; settings are given as SECTION__KEY."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_")}
    model = os.environ.get("FRONTDESK__MODEL__PATH", str(ROOT / "models/frontdesk-bilingual-v1"))
    given = {"DATA__PATH": data, "SERVER__LISTEN": "127.0.0.1:0", "MODEL__PATH": model,
             "KNOWLEDGE__SAMPLE_PATH": str(ROOT / "samples/knowledge"), **settings}
    return clean | {f"FRONTDESK__{name}": value for name, value in given.items()}


class Server:
    """A server that runs until `stop`; `address` is where it listens."""

    def __init__(self, binary):
        self.data = tempfile.TemporaryDirectory(prefix="frontdesk-client-")
        self.process = subprocess.Popen([binary, "serve"], env=environment(self.data.name), cwd=self.data.name,
                                        stdout=subprocess.PIPE, text=True, encoding="utf-8")
        lines = queue.Queue()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()
        self.address = self._announced(lines)

    def _read(self, lines):
        for line in self.process.stdout:
            lines.put(line)
        lines.put("")

    def _announced(self, lines):
        while line := lines.get(timeout=START_SECONDS):
            if found := re.search(r"http://(\S+)", line):
                return found.group(1)
        raise SystemExit(f"the server ended with code {self.process.wait()} before it listened")

    def stop(self):
        """Stops it as an orchestrator does; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.data.cleanup()
        return code
