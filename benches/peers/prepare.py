"""Writes the graphs that the peers load, and the vectors that theirs are held against.

    python prepare.py MODEL ROWS WORK

Runs in the environment that has the peers.
"""

import json
import logging
import sys
from pathlib import Path

import numpy
import onnxruntime
from onnxruntime.quantization import QuantType, quantize_dynamic

import graph
from vectors import pooled

# How ONNX Runtime's documentation would have a transformer quantised: dynamically, per channel, with 7-bit weights
# where a processor has no VNNI. Unsigned weights, which it also names, took 1.2 to 1.5 times as long (1.31.1, Zen 5,
# with and without the mask).
QUANTISED = {
    "int8": {"weight_type": QuantType.QInt8},
    "int8 of 7 bits": {"weight_type": QuantType.QInt8, "reduce_range": True},
}


def prepare(model_folder, rows, work):
    model = graph.Model.load(model_folder)
    for masked, suffix in [(False, ""), (True, " masked")]:
        plain = graph.build(model, work / f"plain{suffix}.onnx", fused=False, masked=masked)
        graph.build(model, work / f"plain int8{suffix}.onnx", fused=False, masked=masked, int8_weights=True)
        fused = graph.build(model, work / f"fused{suffix}.onnx", fused=True, masked=masked)
        for name, options in QUANTISED.items():
            quantise(fused, work / f"{name}{suffix}.onnx", options)
        if not masked:
            (work / "reference.json").write_text(json.dumps(reference(plain, rows)))


def quantise(source, target, options):
    # The quantiser advises to infer shapes first, which the fused operators do not allow.
    logging.disable(logging.WARNING)
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul", "Attention"],
        per_channel=True,
        extra_options={"DefaultTensorType": 1},
        **options,
    )
    logging.disable(logging.NOTSET)


def reference(plain, rows):
    """Vectors in f32, by length of the row, and of the messages under `messages`."""
    session = onnxruntime.InferenceSession(plain)

    def vectors(rows):
        return [pooled(session.run(None, {"ids": numpy.array([row])})[0][0]) for row in rows]

    return {**{tokens: vectors(of) for tokens, of in rows["single"].items()}, "messages": vectors(rows["messages"])}


if __name__ == "__main__":
    model_folder, rows, work = map(Path, sys.argv[1:])
    prepare(model_folder, json.loads(rows.read_text()), work)
