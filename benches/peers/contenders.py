"""What is measured: processes that answer requests, and the ways in which each can be asked."""

import json
import os
import subprocess
import time

# Messages that are encoded together.
BATCHES = (1, 4, 8, 16, 32)


class Process:
    """A process that answers one line of JSON with another."""

    def __init__(self, command, environment, folder, realtime=False):
        self.command = [str(part) for part in command]
        self.running = subprocess.Popen(
            self.command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if realtime:
            before_all_others(self.running.pid)
        self.hello = self._answer()

    def ask(self, request):
        self.running.stdin.write(json.dumps(request) + "\n")
        self.running.stdin.flush()
        return self._answer()

    def watched(self, request):
        """The answer, with the cores that other programs kept busy meanwhile."""
        started, before, own = time.monotonic(), busy_seconds(), self.cpu_seconds()
        answer = self.ask(request)
        passed = time.monotonic() - started
        others = (busy_seconds() - before) - (self.cpu_seconds() - own)
        return {**answer, "others_cores": max(0.0, others / passed)}

    def cpu_seconds(self):
        with open(f"/proc/{self.running.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.running.stdin.close()
        self.running.wait(timeout=30)

    def _answer(self):
        line = self.running.stdout.readline()
        if not line:
            raise SystemExit(f"ended early: {' '.join(self.command)}")
        answer = json.loads(line)
        if "error" in answer:
            raise SystemExit(f"{answer['error']}: {' '.join(self.command)}")
        return answer


def before_all_others(process):
    """For the process and the threads that it is going to start."""
    try:
        os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        raise SystemExit("--realtime: only root may put programs before all others; leave it out") from None


def busy_seconds():
    """Of all cores since the machine started, time that its host took away included."""
    with open("/proc/stat") as stat:
        user, nice, system, _idle, _wait, interrupt, soft, stolen = map(int, stat.readline().split()[1:9])
    return (user + nice + system + interrupt + soft + stolen) / os.sysconf("SC_CLK_TCK")


class Contender:
    """A runtime under one name; `ways` gives the requests that come into question for a figure."""

    def __init__(self, name, ways, process, version="", counts=True):
        # `process` gives the process that measures in a way.
        self.name, self.version, self.ways, self.process = name, version, ways, process
        # Whether it is one of the two that the goals name.
        self.counts = counts

    def ask(self, way, **more):
        return self.process(way).ask({**way, **more})

    def watched(self, way, **more):
        return self.process(way).watched({**way, **more})


def frontdesk(by_threads):
    """Frontdesk, one process for each number of threads of a pass."""

    def ways(figure):
        if figure.kind == "latency":
            return [{"figure": "latency", "tokens": figure.tokens, "threads": figure.threads}]
        # Each caller on a core of its own, or one caller whose passes use all cores.
        forms = {(1, figure.threads), (figure.threads, 1)}
        return [
            {"figure": "throughput", "threads": threads, "callers": callers, "batch": batch}
            for threads, callers in sorted(forms)
            if threads in by_threads
            for batch in BATCHES
        ]

    hello = next(iter(by_threads.values())).hello
    return Contender(hello["name"], ways, lambda way: by_threads[way["threads"]])


def onnx_runtime(process):
    variants = ("int8", "int8 of 7 bits")

    def ways(figure):
        if figure.kind == "latency":
            single = {"figure": "latency", "tokens": figure.tokens, "threads": figure.threads}
            return [{**single, "variant": variant} for variant in variants]
        many = {"figure": "throughput", "threads": 1, "callers": figure.threads}
        return [{**many, "variant": variant, "batch": batch} for variant in variants for batch in BATCHES]

    return Contender("ONNX Runtime int8", ways, lambda _: process, process.hello["version"])


def open_vino(process, precision, counts):
    """`precision` is bf16, f32 or int8; `counts` whether this is what the goals name."""

    def ways(figure):
        if figure.kind == "latency":
            single = {"figure": "latency", "tokens": figure.tokens, "threads": figure.threads}
            return [{**single, "variant": variant} for variant in (precision, f"{precision} fixed")]
        many = {"figure": "throughput", "threads": figure.threads, "callers": figure.threads, "variant": precision}
        return [{**many, "batch": batch} for batch in BATCHES]

    return Contender(f"OpenVINO {precision}", ways, lambda _: process, process.hello["version"], counts)
