import LockstepBackends
import LockstepCore
import Testing

@Suite("PyTorch's numbers")
struct GoldenTests {
  @Test("operations and their gradients agree in float64", arguments: TestBackend.all, GoldenCase.operations)
  func float64(_ backend: TestBackend, _ operation: String) throws {
    let device = Device(try backend.make())
    for golden in GoldenCase.all where golden.operation == operation {
      try golden.check(.float64, on: device, tolerance: 1e-12)
    }
  }

  @Test("operations and their gradients agree in float32", arguments: TestBackend.all, GoldenCase.operations)
  func float32(_ backend: TestBackend, _ operation: String) throws {
    let device = Device(try backend.make())
    // The inputs named wide are no float32 numbers.
    for golden in GoldenCase.all where golden.operation == operation && !golden.name.hasSuffix("/wide") {
      try golden.check(.float32, on: device, tolerance: 2e-6)
    }
  }
}

extension GoldenCase {
  /// Computes output and gradients in a type and holds them against PyTorch's.
  fileprivate func check(_ dtype: DType, on device: Device, tolerance: Double) throws {
    let tensors = inputs.mapValues { $0.tensor(dtype, on: device) }
    let result = try #require(output(tensors), "no operation '\(operation)'")
    // A number by itself is compared by its own size, a result of cancelling sums by its neighbours'.
    try compare(
      result, outputs["output"]!, dtype, exact ? 0 : tolerance, absolute: isElementwise ? 0 : 1, "output")

    guard let upstream = upstream["output"]?.tensor(dtype, on: device) else { return }
    let names = gradients.keys.sorted()
    let (_, found) = valueAndGradient(at: names.map { tensors[$0]! }) { tracked in
      let all = tensors.merging(zip(names, tracked)) { $1 }
      return (output(all)! * upstream).sum()
    }
    for (name, gradient) in zip(names, found) {
      try compare(
        gradient, gradients[name]!, dtype, exact ? 0 : tolerance, absolute: 1, "gradient at \(name)")
    }
  }

  private var isElementwise: Bool {
    inputs.count == 1 && !["mean", "sum", "sumOfSquares"].contains(operation) && !isSoftmax
  }
  private var isSoftmax: Bool { operation.hasSuffix("oftmax") || operation == "averagePool2D" }

  private func compare(
    _ found: Tensor, _ wanted: GoldenTensor, _ dtype: DType, _ tolerance: Double, absolute: Double,
    _ what: String
  ) throws {
    #expect(found.shape == Shape(wanted.shape), "\(name), \(what), \(dtype)")
    let isSingle = found.dtype == .float32
    let smallest = isSingle ? Double(Float.leastNonzeroMagnitude) : .leastNonzeroMagnitude
    let mismatch = zip(try found.asType(.float64).scalars(as: Double.self), wanted.reals).first { got, want in
      let want = isSingle ? Double(Float(want)) : want
      if got == want || (got.isNaN && want.isNaN) { return false }
      let allowed = tolerance == 0 ? 0 : tolerance * (want.magnitude + absolute) + smallest
      // Not `>`, so that NaN fails.
      return !(want.isFinite && (got - want).magnitude <= allowed)
    }
    if let mismatch { Issue.record("\(name), \(what), \(dtype): \(mismatch.0), not \(mismatch.1)") }
  }
}

extension GoldenTensor {
  /// The tensor on a device; floating-point numbers in the type given.
  func tensor(_ real: DType, on device: Device) -> Tensor {
    let shape = Shape(shape)
    switch dtype {
    case "float64": return Tensor(reals, shape: shape, on: device).asType(real)
    case "bool": return Tensor(integers, shape: shape, on: device).asType(.bool)
    default: return Tensor(integers, shape: shape, on: device)
    }
  }
}
