"""Measures one peer on request: one line of JSON in, one out, until the input ends.

    python peer.py PEER ROWS WORK

README.md lists the requests. Runs in the environment that has the peers.
"""

import ctypes
import importlib
import itertools
import json
import random
import sys
import threading
import time
from pathlib import Path

import numpy

from vectors import pooled

NUM_WARM_UP = 5
PEERS = {"onnxruntime": "peer_onnxruntime", "openvino": "peer_openvino"}


class Measured:
    """What requests ask of a peer. Sessions are made when they are first needed."""

    def __init__(self, peer, rows):
        self.peer, self.rows = peer, rows
        self.single = {
            int(tokens): [numpy.array([row], numpy.int64) for row in of] for tokens, of in rows["single"].items()
        }
        self.passes = {}

    def latency(self, request):
        run = self.single_pass(request)
        rows = [self.peer.inputs(row, None) for row in self.single[request["tokens"]]]
        for row in (rows * NUM_WARM_UP)[:NUM_WARM_UP]:
            run(row)
        took, clock = [], time.perf_counter
        end = clock() + request["seconds"]
        for row in itertools.cycle(rows):
            started = clock()
            if started >= end and took:
                break
            run(row)
            took.append(clock() - started)
        took.sort()
        p10, p50, p90 = (1000 * took[len(took) * percent // 100] for percent in (10, 50, 90))
        return {"p10_ms": p10, "p50_ms": p50, "p90_ms": p90, "passes": len(took)}

    def throughput(self, request):
        batches = self.batches(request["batch"])
        callers = [self.batch_pass(request, caller) for caller in range(request["callers"])]
        inputs = [self.peer.inputs(ids, lengths if request["batch"] > 1 else None) for _, ids, lengths in batches]
        sizes = [len(ids) for _, ids, _ in batches]
        for run in callers:
            for batch in inputs[:: max(1, len(inputs) // NUM_WARM_UP)]:
                run(batch)
        # Taking the next number is one step for the interpreter: no lock.
        numbers, done, clock = itertools.count(), [0] * len(callers), time.perf_counter

        def call(caller):
            run, total = callers[caller], 0
            while clock() < end:
                number = next(numbers) % len(inputs)
                run(inputs[number])
                total += sizes[number]
            done[caller] = total

        threads = [threading.Thread(target=call, args=(caller,)) for caller in range(1, len(callers))]
        started = clock()
        end = started + request["seconds"]
        for thread in threads:
            thread.start()
        call(0)
        for thread in threads:
            thread.join()
        return {"messages_per_second": sum(done) / (clock() - started)}

    def vectors(self, request):
        if request.get("tokens") is not None:
            run = self.single_pass(request)
            # Pooled at once: a peer may write the next states over these.
            rows = self.single[request["tokens"]]
            return {"vectors": [pooled(run(self.peer.inputs(row, None))[0]) for row in rows]}
        run, found = self.batch_pass(request, 0), {}
        for places, ids, lengths in self.batches(request["batch"], request["first"]):
            states = run(self.peer.inputs(ids, lengths if request["batch"] > 1 else None))
            found.update((place, pooled(of[:length])) for place, of, length in zip(places, states, lengths))
        return {"vectors": [found[place] for place in range(len(found))]}

    def status(self, _):
        """Whether the mask is on, and when AVX-512 was last used; by the main thread, and only Linux tells."""
        answers = getattr(ctypes.CDLL(None), "cpuid_mask_answers", lambda: 0)()
        try:
            ago = int(Path("/proc/self/arch_status").read_text().split()[1])
        except (OSError, IndexError):
            ago = None
        return {"masked_answers": answers, "avx512_ms_ago": ago, "ms_since_start": (time.time() - STARTED) * 1000}

    def single_pass(self, request):
        key = (request["variant"], request["threads"], request["tokens"])
        if key not in self.passes:
            self.passes[key] = self.peer.single(*key)
        return self.passes[key]

    def batch_pass(self, request, caller):
        key = (request["variant"], request["threads"], request["batch"] > 1)
        if (*key, caller) not in self.passes:
            self.passes[(*key, caller)] = self.peer.batched(*key)
        return self.passes[(*key, caller)]

    def batches(self, size, first=None):
        """Messages, or the first so many, those of similar length together, padded to the longest: their places,
        ids, lengths."""
        rows = self.rows["messages"][:first]
        order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
        made = []
        for start in range(0, len(order), size):
            places = order[start : start + size]
            lengths = numpy.array([len(rows[place]) for place in places], numpy.int32)
            ids = numpy.zeros((len(places), lengths.max()), numpy.int64)
            for row, place in zip(ids, places):
                row[: len(rows[place])] = rows[place]
            made.append((places, ids, lengths))
        # A turn may be too short for all: what it measures must not be the shortest.
        random.Random(0).shuffle(made)
        return made


def main():
    name, rows, work = sys.argv[1:]
    peer = importlib.import_module(PEERS[name]).Peer(Path(work))
    measured = Measured(peer, json.loads(Path(rows).read_text()))
    say({"name": peer.name, "version": peer.version})
    for line in sys.stdin:
        try:
            request = json.loads(line)
            figure = request["figure"]
            if figure not in ("latency", "throughput", "vectors", "status"):
                raise ValueError(f"no figure {figure}")
            say(getattr(measured, figure)(request))
        except Exception as error:  # whatever a peer raises is the answer
            say({"error": f"{type(error).__name__}: {error}"})


def say(answer):
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    STARTED = time.time()
    main()
