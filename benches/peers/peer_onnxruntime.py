"""ONNX Runtime with the settings that its documentation recommends for one message and for many."""

import numpy
import onnxruntime


class Peer:
    """Variants: the names of quantised graphs that prepare.py wrote."""

    name = "ONNX Runtime"
    version = onnxruntime.__version__

    def __init__(self, work):
        self.work, self.sessions = work, {}

    def session(self, graph, threads):
        """One a graph: callers share it, so that its weights stay in the cache."""
        key = (graph, threads)
        if key not in self.sessions:
            options = onnxruntime.SessionOptions()
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
            options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
            options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
            options.add_session_config_entry("session.intra_op.allow_spinning", "1")
            options.add_session_config_entry("session.set_denormal_as_zero", "1")
            file = self.work / f"{graph}.onnx"
            self.sessions[key] = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        return self.sessions[key]

    def single(self, variant, threads, _tokens):
        session = self.session(variant, threads)
        return lambda inputs: session.run(None, inputs)[0]

    def batched(self, variant, threads, masked):
        session = self.session(f"{variant} masked" if masked else variant, threads)
        return lambda inputs: session.run(None, inputs)[0]

    def inputs(self, ids, lengths):
        ids = ids.astype(numpy.int32)
        return {"ids": ids} if lengths is None else {"ids": ids, "mask": lengths}
