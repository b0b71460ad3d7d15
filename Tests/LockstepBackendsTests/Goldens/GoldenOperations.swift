import LockstepCore

extension GoldenCase {
  /// The output for inputs by name, or nil for an operation that is not known.
  func output(_ inputs: [String: Tensor]) -> Tensor? {
    if let function = unaryFunctions[operation] { return apply(.unary(function), inputs["input"]!) }
    if let function = binaryFunctions[operation] {
      return apply(.binary(function), inputs["lhs"]!, inputs["rhs"]!)
    }
    if let reduction = reductions[operation] { return reduced(inputs["input"]!, reduction) }
    return layoutOutput(inputs) ?? networkOutput(inputs)
  }

  private func networkOutput(_ inputs: [String: Tensor]) -> Tensor? {
    switch operation {
    case "conv2D":
      let convolution = Convolution(geometry, groups: attributes.groups!)
      return apply(.conv2D(convolution), inputs["input"]!, inputs["weight"]!) + inputs["bias"]!
    case "dense": return apply(.matmul(Matmul()), inputs["input"]!, inputs["weight"]!) + inputs["bias"]!
    case "matmul":
      let matmul = Matmul(transposeA: attributes.transposeLHS!, transposeB: attributes.transposeRHS!)
      return apply(.matmul(matmul), inputs["lhs"]!, inputs["rhs"]!)
    case "maxPool2D": return apply(.maxPool2D(pooling), inputs["input"]!)
    case "averagePool2D": return apply(.averagePool2D(pooling), inputs["input"]!)
    case "softmax": return apply(.softmax, inputs["input"]!)
    case "logSoftmax": return apply(.logSoftmax, inputs["input"]!)
    case "softmaxCrossEntropy":
      let operation = Operation.softmaxCrossEntropy(labelSmoothing: attributes.smoothing!)
      return apply(operation, inputs["logits"]!, inputs["labels"]!)
    default: return nil
    }
  }

  private func layoutOutput(_ inputs: [String: Tensor]) -> Tensor? {
    switch operation {
    case "argmax": return apply(.argReduce(.max, axis: attributes.axis!), inputs["input"]!)
    case "argmin": return apply(.argReduce(.min, axis: attributes.axis!), inputs["input"]!)
    case "pad":
      let pad = Pad(low: attributes.low!, high: attributes.high!, interior: attributes.interior!)
      // Lockstep pads with zeros.
      return apply(.pad(pad), inputs["input"]! - attributes.value!) + attributes.value!
    case "slice": return apply(.slice(slice), inputs["input"]!)
    case "transpose": return apply(.transpose(attributes.permutation!), inputs["input"]!)
    case "concatenate":
      let parts = (0..<inputs.count).map { inputs["input\($0)"]! }
      return Tensor.concatenate(parts, axis: attributes.axis!)
    case "gather": return apply(.gather(axis: attributes.axis!), inputs["input"]!, inputs["indices"]!)
    case "where": return apply(.select, inputs["condition"]!, inputs["onTrue"]!, inputs["onFalse"]!)
    default: return nil
    }
  }

  private func apply(_ operation: Operation, _ inputs: Tensor...) -> Tensor {
    Tensor.apply(operation, inputs)[0]
  }

  private func reduced(_ x: Tensor, _ reduction: Reduction) -> Tensor {
    let axes = attributes.axes!
    let result = apply(.reduce(reduction, axes: axes), x)
    guard attributes.keepDimensions! else { return result }
    let kept = x.shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    return apply(.reshape(Shape(kept)), result)
  }

  private var geometry: WindowGeometry {
    WindowGeometry(
      stride: Size2D(height: attributes.strideHeight!, width: attributes.strideWidth!),
      padding: EdgeInsets(
        top: attributes.paddingTop!, bottom: attributes.paddingBottom!, left: attributes.paddingLeft!,
        right: attributes.paddingRight!),
      dilation: Size2D(height: attributes.dilationHeight ?? 1, width: attributes.dilationWidth ?? 1))
  }

  private var pooling: Pooling {
    Pooling(
      kernel: Size2D(height: attributes.windowHeight!, width: attributes.windowWidth!), geometry,
      countsPadding: attributes.countIncludesPadding ?? false)
  }

  private var slice: Slice {
    let (starts, ends, steps) = (attributes.starts!, attributes.ends!, attributes.steps!)
    let sizes = starts.indices.map { (max(0, ends[$0] - starts[$0]) + steps[$0] - 1) / steps[$0] }
    return Slice(starts: starts, sizes: sizes, steps: steps)
  }
}

private let unaryFunctions: [String: UnaryFunction] = [
  "negate": .negate, "abs": .absolute, "square": .square, "sign": .sign, "relu": .relu, "exp": .exp,
  "expm1": .expm1, "log": .log, "log1p": .log1p, "sqrt": .sqrt, "rsqrt": .rsqrt, "reciprocal": .reciprocal,
  "tanh": .tanh, "sigmoid": .sigmoid, "softplus": .softplus, "erf": .erf, "sin": .sin, "cos": .cos,
  "floor": .floor, "ceil": .ceil, "round": .round,
]

private let binaryFunctions: [String: BinaryFunction] = [
  "add": .add, "subtract": .subtract, "multiply": .multiply, "divide": .divide, "power": .power,
  "maximum": .maximum, "minimum": .minimum,
]

private let reductions: [String: Reduction] = [
  "sum": .sum, "mean": .mean, "sumOfSquares": .sumOfSquares, "max": .max, "min": .min,
]
