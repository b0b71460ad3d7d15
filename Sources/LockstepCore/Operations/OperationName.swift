extension Operation {
  /// The operation's name without its attributes, such as `conv2D` or `add`: the key of profiles and reports.
  public var name: String {
    switch self {
    case .fill: "fill"
    case .reshape: "reshape"
    case .broadcast: "broadcast"
    case .transpose: "transpose"
    case .slice: "slice"
    case .pad: "pad"
    case .concatenate: "concatenate"
    case .gather: "gather"
    case .scatterAdd: "scatterAdd"
    case .cast: "cast"
    case .unary(let function): "\(function)"
    case .binary(let function): "\(function)"
    case .select: "select"
    case .reduce(let reduction, _): "\(reduction)"
    case .argReduce(let extremum, _): extremum == .max ? "argMax" : "argMin"
    case .softmax: "softmax"
    case .softmaxGradient: "softmaxGradient"
    case .logSoftmax: "logSoftmax"
    case .logSoftmaxGradient: "logSoftmaxGradient"
    case .matmul: "matmul"
    case .conv2D: "conv2D"
    case .conv2DInputGradient: "conv2DInputGradient"
    case .conv2DWeightGradient: "conv2DWeightGradient"
    case .maxPool2D: "maxPool2D"
    case .maxPool2DGradient: "maxPool2DGradient"
    case .maxPool2DGather: "maxPool2DGather"
    case .averagePool2D: "averagePool2D"
    case .averagePool2DGradient: "averagePool2DGradient"
    case .softmaxCrossEntropy: "softmaxCrossEntropy"
    case .softmaxCrossEntropyGradient: "softmaxCrossEntropyGradient"
    case .sgd: "sgd"
    }
  }
}
