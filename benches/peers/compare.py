#!/usr/bin/env python3
"""Measures Frontdesk's encoder side by side with ONNX Runtime and OpenVINO, and prints the ratios.

    python3 benches/peers/compare.py [--venv FOLDER] [--masked] [...]

Installs the peers from PyPI, builds the bench `encoder`, and lets all take turns. Needs Python 3.11 or newer
with venv, Rust, and, for --masked, a C compiler and binutils. README.md beside this file says how it measures.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from contenders import Process, frontdesk, onnx_runtime, open_vino
from figures import Figure, choose, measure
from mask import Mask
from report import Report, processor

HERE = Path(__file__).parent.resolve()
ROOT = HERE.parent.parent
MODEL = ROOT / "models/frontdesk-bilingual-v1"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=Path, help="folder of the peers; made when it is not there, and kept")
    parser.add_argument("--lengths", default="12,16,32,128", help="lengths of single rows in tokens (%(default)s)")
    parser.add_argument("--threads", default="1,2", help="numbers of threads (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each figure (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of a turn (%(default)s)")
    parser.add_argument("--only", choices=("latency", "throughput"), help="figures of this kind")
    parser.add_argument("--masked", action="store_true", help="shows every program a processor with AVX2 alone")
    parser.add_argument("--kernel", help="for Frontdesk: instructions that it uses at most")
    parser.add_argument("--precision", help="for Frontdesk: how it holds numbers while computing")
    parser.add_argument(
        "--realtime", action="store_true", help="runs what is measured before all other programs; needs the right to"
    )
    parser.add_argument("--executable", type=Path, help="the bench `encoder`, built before")
    parser.add_argument("--json", type=Path, help="writes every single measurement to this file")
    return parser.parse_args()


def main():
    options = arguments()
    if sys.version_info < (3, 11):
        raise SystemExit("the peers need Python 3.11 or newer; start this script with it")
    with tempfile.TemporaryDirectory(prefix="frontdesk-peers.") as work:
        work = Path(work)
        python = installed(options.venv or work / "venv")
        program = (options.executable or built()).resolve()
        rows = work / "rows.json"
        subprocess.run([program, f"--lengths={options.lengths}", "--rows", rows], cwd=ROOT, check=True)
        subprocess.run([python, HERE / "prepare.py", MODEL, rows, work], check=True)
        with Running(options, work, python, program, rows) as running:
            compare(options, running, json.loads((work / "reference.json").read_text()))


def compare(options, running, reference):
    """Chooses each contender's best way, measures in turns, and prints."""
    threads = [int(number) for number in options.threads.split(",")]
    figures = [Figure("latency", t, int(tokens)) for t in threads for tokens in options.lengths.split(",")]
    figures += [Figure("throughput", t) for t in threads]
    figures = [figure for figure in figures if options.only in (None, figure.kind)]
    report = Report(running.contenders, options)
    report.head()
    chosen = choose(running.contenders, figures, reference)
    report.ways(chosen)
    turns = measure(chosen, options.rounds, options.seconds, patient=not options.realtime)
    report.figures(turns)
    if options.masked:
        report.mask(running.contenders)
    if options.json:
        options.json.write_text(json.dumps(report.raw(chosen, turns), indent=1))


class Running:
    """The processes that are measured; they end with it."""

    def __init__(self, options, work, python, program, rows):
        self.contenders, self.processes, self.realtime = [], [], options.realtime
        self.python, self.rows, self.work = python, rows, work
        environment = {}
        if options.masked:
            program, environment = masked(python, program, work / "masked")
        own = [program, "--serve", f"--lengths={options.lengths}"]
        own += [f"--{name}={value}" for name in ("kernel", "precision") if (value := getattr(options, name))]
        by_threads = {}
        for threads in map(int, options.threads.split(",")):
            settings = {**environment, "RAYON_NUM_THREADS": str(threads)}
            by_threads[threads] = self.process([*own, f"--threads={threads}"], settings)
        self.contenders.append(frontdesk(by_threads))
        self.contenders.append(onnx_runtime(self.peer("onnxruntime", environment)))
        for precision in (float_precision(options), "int8"):
            process = self.peer("openvino", environment)
            self.contenders.append(open_vino(process, precision, counts=precision != "int8"))
        if options.masked:
            control = onnx_runtime(self.peer("onnxruntime", {}))
            control.name, control.version, control.counts = f"{control.name}, not masked", "", False
            self.contenders.append(control)

    def peer(self, name, environment):
        return self.process([self.python, HERE / "peer.py", name, self.rows, self.work], environment)

    def process(self, command, environment):
        process = Process(command, {**os.environ, **environment}, ROOT, self.realtime)
        self.processes.append(process)
        return process

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.close()


def float_precision(options):
    """What OpenVINO computes in when it may choose: bf16 where the processor has it."""
    has_bf16 = {"avx512_bf16", "amx_bf16"} & set(processor()[1])
    return "bf16" if has_bf16 and not options.masked else "f32"


def installed(folder):
    """Python of a virtual environment that has the peers."""
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    # Absolute, but not resolved: a link to the Python that made it is how it knows its packages.
    python = python.absolute()
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "-r", HERE / "requirements.txt"], check=True)
    return python


def built():
    """The bench `encoder`, as cargo builds it for release."""
    command = ["cargo", "bench", "--bench", "encoder", "--no-run", "--message-format=json-render-diagnostics"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = map(json.loads, done.stdout.splitlines())
    names = [m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "encoder"]
    if not names:
        raise SystemExit("cargo built no bench encoder")
    return Path(names[-1])


def masked(python, program, folder):
    """Patched copies of all that is measured: Frontdesk's program, and the environment for it and the peers."""
    mask = Mask(folder)
    packages = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    for name in ("onnxruntime", "openvino"):
        mask.package(Path(packages.stdout.strip()) / name)
    return mask.program(program), mask.environment()


if __name__ == "__main__":
    main()
