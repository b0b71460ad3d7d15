import LockstepCore
import LockstepNN
import Testing

/// An initialiser, the variance its source gives, and the bound of its values if it has one.
struct InitializerCase: Sendable, CustomTestStringConvertible {
  let initializer: Initializer
  let shape: Shape
  let variance: Double
  let isUniform: Bool
  var testDescription: String { "\(initializer) \(shape)" }
}

/// The initialisers with a distribution, for a weight with these fans.
private func cases(_ shape: Shape, fanIn: Double, fanOut: Double) -> [InitializerCase] {
  let expected: [(Initializer, variance: Double, isUniform: Bool)] = [
    (.heUniform, 2 / fanIn, true), (.heNormal, 2 / fanIn, false),
    (.glorotUniform, 2 / (fanIn + fanOut), true), (.glorotNormal, 2 / (fanIn + fanOut), false),
    (.lecunUniform, 1 / fanIn, true), (.lecunNormal, 1 / fanIn, false),
    (.uniform(limit: 0.3), 0.03, true), (.normal(standardDeviation: 0.1), 0.01, false),
  ]
  return expected.map {
    InitializerCase(initializer: $0, shape: shape, variance: $1, isUniform: $2)
  }
}

/// A matrix, and 8 to 40 channels by way of a kernel of 3x5.
private let allCases =
  cases([300, 200], fanIn: 300, fanOut: 200) + cases([3, 5, 8, 40], fanIn: 120, fanOut: 600)

@Suite("Initialisers")
struct InitializerTests {
  private func values(
    _ initializer: Initializer, _ shape: Shape, seed: UInt64 = 42, name: String = "x",
    on device: Device = .reference()
  ) throws -> [Float] {
    var stream = RandomStream(seed: seed, purpose: .initialization, index: RandomStream.index(of: name))
    return try initializer.makeTensor(shape, using: &stream, on: device).scalars(as: Float.self)
  }

  @Test("Mean, variance and bounds are those of the literature", arguments: allCases)
  func moments(_ expected: InitializerCase) throws {
    let values = try values(expected.initializer, expected.shape).map(Double.init)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    // Five standard errors: of a mean √(σ²/n), of a variance σ²·√((κ−1)/n), κ being 9/5 (uniform) or 3 (normal).
    #expect(mean.magnitude <= 5 * (expected.variance / count).squareRoot())
    let kurtosis = expected.isUniform ? 1.8 : 3
    #expect((variance / expected.variance - 1).magnitude <= 5 * ((kurtosis - 1) / count).squareRoot())
    let largest = values.map(\.magnitude).max()!
    let deviation = expected.variance.squareRoot()
    if expected.isUniform {
      let limit = 3.0.squareRoot() * deviation
      #expect(largest <= limit * (1 + 1e-7))
      #expect(largest > 0.999 * limit)
    } else {
      #expect((3.5...6).contains(largest / deviation))
    }
  }

  @Test("Constants")
  func constants() throws {
    #expect(try values(.zeros, [3]) == [0, 0, 0])
    #expect(try values(.ones, [2, 1]) == [1, 1])
    #expect(try values(.constant(-2.5), [2]) == [-2.5, -2.5])
  }

  /// From a Philox, an FNV-1a and an inverse normal distribution in Python, float32 as NumPy rounds it.
  @Test("Values are a pure function of the seed and the parameter's name", arguments: TestBackend.all)
  func pure(_ backend: TestBackend) throws {
    let model = Sequential([Dense(3), ReLU(), Dense(3), Dense(4, weightInitializer: .lecunNormal)])
    try model.build(input: [6])
    for _ in 0..<2 {
      model.initialize(seed: 42, on: try backend.device())
      let first = try model.parameters[0].parameter.value.scalars(as: Float.self)
      #expect(
        first[..<6] == [
          0.19329535961151123, -0.27802515029907227, -0.4887334108352661, 0.7996585369110107,
          -0.5608475208282471, 0.16358637809753418,
        ])
    }
    let normal = try values(.lecunNormal, [6, 4], name: "layers.0.weight", on: backend.device())
    let wanted: [Float] = [
      -0.1452631652355194, 0.5227944254875183, 0.08429636806249619, -0.26511725783348083,
    ]
    for (found, wanted) in zip(normal, wanted) { #expect((found - wanted).magnitude <= wanted.ulp * 2) }
  }

  @Test("Two parameters differ, two seeds differ, two backends don't")
  func different() throws {
    func weights(seed: UInt64, _ backend: TestBackend = TestBackend.all[0]) throws -> [[Float]] {
      let model = Sequential([Dense(4), Dense(4)])
      try model.build(input: [4])
      model.initialize(seed: seed, on: try backend.device())
      return try model.parameters.map { try $0.parameter.value.scalars(as: Float.self) }
    }
    let weights = try weights(seed: 1)
    #expect(weights[0] != weights[2])
    #expect(try weights[0] != self.values(.heUniform, [4, 4], seed: 2, name: "layers.0.weight"))
    for backend in TestBackend.all {
      let model = Sequential([Dense(4), Dense(4)])
      try model.build(input: [4])
      model.initialize(seed: 1, on: try backend.device())
      #expect(try model.parameters.map { try $0.parameter.value.scalars(as: Float.self) } == weights)
    }
  }

  @Test("float64 parameters hold the same numbers")
  func double() throws {
    let layer = Dense(3)
    try layer.build(input: [5])
    layer.initialize(seed: 3, on: .reference())
    let single = try layer.weight!.value.scalars(as: Float.self)
    layer.initialize(seed: 3, dtype: .float64, on: .reference())
    #expect(try layer.weight!.value.scalars(as: Double.self) == single.map(Double.init))
  }
}
