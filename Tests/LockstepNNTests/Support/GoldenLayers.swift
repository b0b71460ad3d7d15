import LockstepCore
import LockstepNN
import Testing

extension GoldenCase.Attributes {
  var stride: Size2D { Size2D(height: strideHeight!, width: strideWidth!) }
  var dilation: Size2D { Size2D(height: dilationHeight!, width: dilationWidth!) }
  var outputPadding: Size2D { Size2D(height: outputPaddingHeight!, width: outputPaddingWidth!) }
  var insets: EdgeInsets {
    EdgeInsets(top: paddingTop!, bottom: paddingBottom!, left: paddingLeft!, right: paddingRight!)
  }
  var window: Size2D { Size2D(height: windowHeight!, width: windowWidth!) }

  /// As the layer would be given it: for "same" the layer works the four numbers out, as Python did.
  var layerPadding: Padding {
    switch padding! {
    case "same": .same
    case "valid": .valid
    default:
      .edges(top: paddingTop!, bottom: paddingBottom!, left: paddingLeft!, right: paddingRight!)
    }
  }
}

extension GoldenCase {
  /// Builds a layer, gives its parameters the case's values and holds results and gradients against PyTorch's, in
  /// both floating-point types.
  func check(
    _ layer: some Layer, on device: Device, float64 double: Double = 1e-13, float32 single: Double = 2e-6,
    _ parameters: () -> [String: Parameter] = { [:] }
  ) throws {
    let built = try layer.build(input: Shape(Array(inputs["input"]!.shape.dropFirst())))
    #expect(built.dimensions == Array(outputs["output"]!.shape.dropFirst()), "the shape build(input:) gives")
    let parameters = parameters()
    #expect(Set(parameters.keys).union(["input"]) == Set(inputs.keys))
    for (dtype, tolerance) in [(DType.float64, double), (.float32, single)] {
      let tolerance = exact ? 0 : tolerance
      let names = inputs.keys.sorted()
      var output: Tensor?
      let values = names.map { inputs[$0]!.tensor(dtype, on: device) }
      let upstream = upstream["output"]?.tensor(dtype, on: device)
      let (_, found) = valueAndGradient(at: values) { tracked in
        for (name, value) in zip(names, tracked) { parameters[name]?.value = value }
        let result = layer(tracked[names.firstIndex(of: "input")!])
        output = result.detached()
        return (upstream.map { result * $0 } ?? result).sum()
      }
      try expectEqual(output!, outputs["output"]!, tolerance: tolerance, "\(name), output, \(dtype)")
      guard upstream != nil else { continue }
      for (key, gradient) in zip(names, found) {
        try expectEqual(
          gradient, gradients[key]!, tolerance: tolerance, "\(name), gradient at \(key), \(dtype)")
      }
    }
  }
}
