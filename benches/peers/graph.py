"""The bundled encoder as ONNX graphs, made by hand from its weights.

Two forms of the same arithmetic: of standard operators, which OpenVINO fuses by itself, and of ONNX Runtime's
own fused operators, which its transformer optimiser would choose.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

MICROSOFT = "com.microsoft"


@dataclass
class Model:
    """The numbers of a BERT-type encoder and its weights in f32."""

    config: dict
    weights: dict

    @classmethod
    def load(cls, folder):
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text())
        if (config["model_type"], config["hidden_act"]) != ("bert", "gelu"):
            raise SystemExit(f"{folder}: only BERT with the exact gelu can be compared")
        weights = load_file(folder / "model.safetensors")
        return cls(config, {name: w.astype(numpy.float32) for name, w in weights.items() if w.dtype != "uint32"})

    def linear(self, name):
        """Weight, inputs by outputs, and bias of a linear layer."""
        return self.weights[f"{name}.weight"].T, self.weights[f"{name}.bias"]


class Graph:
    """Nodes and weights of a graph that is being made."""

    def __init__(self):
        self.nodes, self.initializers = [], []

    def constant(self, name, value):
        self.initializers.append(numpy_helper.from_array(numpy.ascontiguousarray(value), name))
        return name

    def node(self, operator, inputs, domain="", **attributes):
        name = f"n{len(self.nodes)}"
        made = helper.make_node(operator, inputs, [name], name=f"{operator}_{name}", domain=domain, **attributes)
        self.nodes.append(made)
        return name


def build(model, path, fused, masked, int8_weights=False):
    """Writes the graph: `ids` (and, where `masked`, `mask`) to `states`."""
    graph = Graph()
    maker = (Fused if fused else Plain)(model, graph, masked, int8_weights)
    states = maker.embeddings()
    for layer in range(model.config["num_hidden_layers"]):
        states = maker.layer(f"encoder.layer.{layer}", states)
    graph.nodes[-1].output[0] = "states"
    width = model.config["hidden_size"]
    inputs = [helper.make_tensor_value_info("ids", maker.integers, ["batch", "length"])]
    if masked:
        inputs.append(helper.make_tensor_value_info("mask", *maker.mask_type))
    outputs = [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "length", width])]
    made = helper.make_model(
        helper.make_graph(graph.nodes, "encoder", inputs, outputs, graph.initializers),
        opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=9,
    )
    onnx.save(made, path)
    return path


class Maker:
    """What both forms share."""

    def __init__(self, model, graph, masked, int8_weights):
        self.model, self.graph, self.masked, self.int8_weights = model, graph, masked, int8_weights
        config = model.config
        self.width, self.heads = config["hidden_size"], config["num_attention_heads"]
        self.epsilon = config["layer_norm_eps"]

    def tables(self):
        """The word table and, with the one type's row added, the position table."""
        weights = self.model.weights
        words = self.graph.constant("words", weights["embeddings.word_embeddings.weight"])
        kinds = weights["embeddings.token_type_embeddings.weight"][0]
        positions = self.graph.constant("positions", weights["embeddings.position_embeddings.weight"] + kinds)
        return words, positions

    def norm(self, name):
        gamma = self.graph.constant(f"{name}.gamma", self.model.weights[f"{name}.weight"])
        return gamma, self.graph.constant(f"{name}.beta", self.model.weights[f"{name}.bias"])

    def matmul(self, name, states, weight):
        if not self.int8_weights:
            return self.graph.node("MatMul", [states, self.graph.constant(f"{name}.weight", weight)])
        scale = numpy.maximum(numpy.abs(weight).max(axis=0), 1e-8) / 127
        rounded = numpy.clip(numpy.rint(weight / scale), -127, 127).astype(numpy.int8)
        parts = [
            self.graph.constant(f"{name}.int8", rounded),
            self.graph.constant(f"{name}.scale", scale.astype(numpy.float32)),
        ]
        return self.graph.node("MatMul", [states, self.graph.node("DequantizeLinear", parts, axis=1)])

    def qkv(self, name):
        parts = [self.model.linear(f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        return numpy.concatenate([w for w, _ in parts], axis=1), numpy.concatenate([b for _, b in parts])


class Fused(Maker):
    """Of ONNX Runtime's own operators."""

    integers = TensorProto.INT32
    # How many tokens of each row count; all padding is at the end.
    mask_type = (TensorProto.INT32, ["batch"])

    def embeddings(self):
        words, positions = self.tables()
        gamma, beta = self.norm("embeddings.LayerNorm")
        inputs = ["ids", "", words, positions, "", gamma, beta]
        states = self.graph.node("EmbedLayerNormalization", inputs, MICROSOFT, epsilon=self.epsilon)
        self.graph.nodes[-1].output.append("embedded_mask")
        return states

    def layer(self, name, states):
        weight, bias = self.qkv(name)
        inputs = [states, self.graph.constant(f"{name}.qkv", weight), self.graph.constant(f"{name}.qkv.bias", bias)]
        mask = ["mask"] if self.masked else []
        context = self.graph.node("Attention", inputs + mask, MICROSOFT, num_heads=self.heads)
        weight, bias = self.model.linear(f"{name}.attention.output.dense")
        out = self.matmul(f"{name}.out", context, weight)
        states = self.add_norm(f"{name}.attention.output.LayerNorm", out, states, bias)
        weight, bias = self.model.linear(f"{name}.intermediate.dense")
        wide = self.matmul(f"{name}.up", states, weight)
        wide = self.graph.node("BiasGelu", [wide, self.graph.constant(f"{name}.up.bias", bias)], MICROSOFT)
        weight, bias = self.model.linear(f"{name}.output.dense")
        narrow = self.matmul(f"{name}.down", wide, weight)
        return self.add_norm(f"{name}.output.LayerNorm", narrow, states, bias)

    def add_norm(self, name, left, right, bias):
        gamma, beta = self.norm(name)
        inputs = [left, right, gamma, beta, self.graph.constant(f"{name}.skip_bias", bias)]
        return self.graph.node("SkipLayerNormalization", inputs, MICROSOFT, epsilon=self.epsilon)


class Plain(Maker):
    """Of standard operators."""

    integers = TensorProto.INT64
    # Added to the scores: 0 for a token that counts, a large negative number for padding.
    mask_type = (TensorProto.FLOAT, ["batch", 1, 1, "length"])

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.split = self.graph.constant("split", numpy.array([0, 0, 3, self.heads, self.width // self.heads]))
        self.join = self.graph.constant("join", numpy.array([0, 0, self.width]))
        self.first = self.graph.constant("first", numpy.array([0]))
        self.scale = self.graph.constant("scale", numpy.float32((self.width // self.heads) ** -0.5))

    def embeddings(self):
        words, positions = self.tables()
        node = self.graph.node
        length = node("Shape", ["ids"], start=1)
        start, axis = self.graph.constant("start", numpy.array([0])), self.graph.constant("axis", numpy.array([0]))
        embedded = node("Slice", [positions, start, length, axis])
        return self.norm_of("embeddings.LayerNorm", node("Add", [node("Gather", [words, "ids"]), embedded]))

    def norm_of(self, name, states):
        return self.graph.node("LayerNormalization", [states, *self.norm(name)], axis=-1, epsilon=self.epsilon)

    def linear(self, name, states, parts):
        weight, bias = parts
        return self.graph.node("Add", [self.matmul(name, states, weight), self.graph.constant(f"{name}.bias", bias)])

    def query_key_value(self, name, states):
        """Of all heads, by one product. With three, OpenVINO 2026.4.1 is wrong also in bf16 for a fixed shape
        that has as many tokens as the model has heads; in f32 and int8 it is in both forms."""
        node = self.graph.node
        joined = self.linear(f"{name}.qkv", states, self.qkv(name))
        joined = node("Transpose", [node("Reshape", [joined, self.split])], perm=[2, 0, 3, 1, 4])
        query = node("Split", [joined], axis=0, num_outputs=3)
        key, value = f"{query}.key", f"{query}.value"
        self.graph.nodes[-1].output.extend([key, value])
        return [node("Squeeze", [part, self.first]) for part in (query, key, value)]

    def layer(self, name, states):
        node, model = self.graph.node, self.model
        query, key, value = self.query_key_value(name, states)
        key = node("Transpose", [key], perm=[0, 1, 3, 2])
        scores = node("Mul", [node("MatMul", [query, key]), self.scale])
        if self.masked:
            scores = node("Add", [scores, "mask"])
        context = node("MatMul", [node("Softmax", [scores], axis=-1), value])
        joined = node("Reshape", [node("Transpose", [context], perm=[0, 2, 1, 3]), self.join])
        out = self.linear(f"{name}.out", joined, model.linear(f"{name}.attention.output.dense"))
        states = self.norm_of(f"{name}.attention.output.LayerNorm", node("Add", [out, states]))
        wide = node("Gelu", [self.linear(f"{name}.up", states, model.linear(f"{name}.intermediate.dense"))])
        narrow = self.linear(f"{name}.down", wide, model.linear(f"{name}.output.dense"))
        return self.norm_of(f"{name}.output.LayerNorm", node("Add", [narrow, states]))
