"""ONNX Runtime: inference of W1, and a convolution with ReLU."""

from contestant import arguments, first_call, serve

options = arguments(["session"])

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

import nets


class Graph:
    """A chain of nodes in ONNX's layout: images [batch, channels, height, width]."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def add(self, kind, value, *weights, **attributes):
        """The name of the node's output."""
        names = [f"w{len(self.weights) + index}" for index in range(len(weights))]
        self.weights += [numpy_helper.from_array(np.ascontiguousarray(w), n) for w, n in zip(weights, names)]
        output = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [value, *names], [output], **attributes))
        return output

    def convolution(self, value, weight, bias):
        """3×3, same size, and ReLU; the weight is in Lockstep's layout."""
        value = self.add("Conv", value, weight.transpose(3, 2, 0, 1), bias, kernel_shape=[3, 3], pads=[1] * 4)
        return self.add("Relu", value)

    def session(self, input_shape, output):
        shape = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, input_shape)
        result = helper.make_tensor_value_info(output, onnx.TensorProto.FLOAT, None)
        graph = helper.make_graph(self.nodes, "net", [shape], [result], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = options.threads
        return onnxruntime.InferenceSession(model.SerializeToString(), settings)


def w1_session():
    graph, weights, value = Graph(), nets.weights_of("w1"), "x"
    for layer in (0, 2):
        value = graph.convolution(value, weights[layer], weights[layer + 1])
        value = graph.add("MaxPool", value, kernel_shape=[2, 2], strides=[2, 2])
    # The first dense layer's rows from (height, width, channel) to (channel, height, width).
    dense = weights[4].reshape(7, 7, 64, -1).transpose(2, 0, 1, 3).reshape(weights[4].shape)
    value = graph.add("Relu", graph.add("Gemm", graph.add("Flatten", value), dense, weights[5]))
    value = graph.add("Gemm", value, weights[6], weights[7])
    return graph.session([options.batch, 1, 28, 28], value)


def convolution():
    graph, random = Graph(), np.random.default_rng(0)
    weight = random.random((3, 3, 3, 16), dtype=np.float32)
    session = graph.session([1, 3, 256, 256], graph.convolution("x", weight, np.zeros(16, np.float32)))
    pixels = random.random((1, 3, 256, 256), dtype=np.float32)
    return lambda: session.run(None, {"x": pixels})


def infer():
    session, turn = w1_session(), iter(range(1 << 62))
    inputs = [np.ascontiguousarray(x.transpose(0, 3, 1, 2)) for x, _ in nets.batches("w1", options.batch)]
    sums = [float(np.abs(session.run(None, {"x": x})[0]).sum()) for x in inputs[:1]]
    serve(lambda: session.run(None, {"x": inputs[next(turn) % len(inputs)]}), options.seconds, "images/s",
          lambda seconds: options.batch / seconds, outputs=sums, parameters=nets.parameter_count("w1"))


if options.work == "infer":
    infer()
elif options.work == "convolution":
    serve(convolution(), options.seconds, "ms", lambda seconds: seconds * 1e3)
elif options.work == "first-call":
    first_call(convolution())
