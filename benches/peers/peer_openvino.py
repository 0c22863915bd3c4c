"""OpenVINO with the settings that its documentation recommends for one message and for many."""

import numpy
import openvino

# A score so small that its share is 0 also in bf16.
PADDING = numpy.float32(-1e4)
GRAPHS = {"bf16": "plain", "f32": "plain", "int8": "plain int8"}
# int8: weights of one byte, activations quantised while it runs, in groups of so many numbers.
PRECISION = {
    "bf16": {"INFERENCE_PRECISION_HINT": "bf16"},
    "f32": {"INFERENCE_PRECISION_HINT": "f32"},
    "int8": {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 128},
}


class Peer:
    """Variants: "{bf16|f32|int8}" for shapes that may change, with " fixed" behind for one graph a length."""

    name = "OpenVINO"
    version = openvino.__version__.split("-")[0]

    def __init__(self, work):
        self.work, self.core, self.compiled = work, openvino.Core(), {}

    def model(self, precision, masked, length, settings):
        key = (precision, masked, length, tuple(settings.items()))
        if key not in self.compiled:
            graph = GRAPHS[precision] + (" masked" if masked else "")
            model = self.core.read_model(self.work / f"{graph}.onnx")
            if length is not None:
                model.reshape({"ids": [1, length]})
            self.compiled[key] = self.core.compile_model(model, "CPU", {**PRECISION[precision], **settings})
        return self.compiled[key]

    def single(self, variant, threads, tokens):
        precision, _, fixed = variant.partition(" ")
        settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads}
        return run_of(self.model(precision, False, tokens if fixed else None, settings))

    def batched(self, variant, threads, masked):
        """Each call gives a request of its own; the model and its streams are shared."""
        settings = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": threads}
        return run_of(self.model(variant, masked, None, settings))

    def inputs(self, ids, lengths):
        if lengths is None:
            return {"ids": ids}
        beyond = numpy.arange(ids.shape[1])[None] >= lengths[:, None]
        return {"ids": ids, "mask": (beyond * PADDING)[:, None, None]}


def run_of(model):
    request = model.create_infer_request()

    def run(inputs):
        request.infer(inputs, share_inputs=True, share_outputs=True)
        return request.get_output_tensor().data

    return run
