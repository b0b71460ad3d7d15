import LockstepCore
import LockstepNN
import Testing

@Suite("Dropout")
struct DropoutTests {
  private func mask(
    _ rate: Double, count: Int, seed: UInt64 = 7, step: Int = 3, layer index: Int = 0,
    on device: Device = .reference()
  ) throws -> [Float] {
    let layers: [any Layer] = (0..<index).map { _ in Identity() } + [Dropout(rate)]
    let ones = Tensor.ones([count], on: device)
    return try Sequential(layers)(ones, .training(step: step, seed: seed)).scalars(as: Float.self)
  }

  @Test("The share of zeros is the rate, and the rest is scaled up", arguments: [0.1, 0.25, 0.5, 0.9])
  func share(_ rate: Double) throws {
    let count = 20_000
    let mask = try mask(rate, count: count)
    let zeros = mask.count { $0 == 0 }
    // Five standard deviations of a binomial distribution.
    let deviation = (rate * (1 - rate) * Double(count)).squareRoot()
    #expect((Double(zeros) - rate * Double(count)).magnitude <= 5 * deviation)
    #expect(Set(mask) == [0, Float(1 / (1 - rate))])
  }

  /// From a Philox and an FNV-1a written in Python: word ≥ ⌊0.375 · 2³²⌋ of the sequence (seed, 3, "path#step").
  @Test(
    "The mask is a pure function of seed, step and path",
    arguments: TestBackend.all,
    [
      (7, 3, 0, "111011111011111111001011"), (7, 4, 0, "011000101101110001110010"),
      (7, 3, 1, "101111110001011111111110"), (8, 3, 0, "111101111111111101101111"),
    ] as [(UInt64, Int, Int, String)])
  func pure(_ backend: TestBackend, _ expected: (seed: UInt64, step: Int, layer: Int, bits: String)) throws {
    for _ in 0..<2 {
      let mask = try mask(
        0.375, count: 24, seed: expected.seed, step: expected.step, layer: expected.layer,
        on: backend.device())
      #expect(mask.map { $0 == 0 ? "0" : "1" }.joined() == expected.bits)
    }
  }

  @Test("Prediction changes nothing, and neither does a rate of 0")
  func identity() throws {
    let x = Tensor.uniformForTests([100], on: .reference())
    #expect(try Dropout(0.5)(x).scalars(as: Float.self) == x.scalars(as: Float.self))
    let untouched = Dropout(0)(x, .training(step: 0, seed: 0))
    #expect(try untouched.scalars(as: Float.self) == x.scalars(as: Float.self))
  }

  @Test("The gradient goes where the values went", arguments: [DType.float32, .float64])
  func gradient(_ dtype: DType) throws {
    let x = Tensor.uniformForTests([50], on: .reference()).asType(dtype)
    let context = ForwardContext.training(step: 1, seed: 2)
    let y = Dropout(0.25)(x, context)
    let slope = gradient(at: x) { Dropout(0.25)($0, context).sum() }
    let found = try slope.asType(.float64).scalars(as: Double.self)
    let kept = try y.asType(.float64).scalars(as: Double.self).map { $0 != 0 }
    let scale = dtype == .float64 ? 1 / 0.75 : Double(Float(1 / 0.75))
    #expect(found == kept.map { $0 ? scale : 0 })
    #expect(y.dtype == dtype)
  }

  private func gradient(at x: Tensor, _ function: (Tensor) -> Tensor) -> Tensor {
    LockstepCore.gradient(at: x) { function($0) }
  }
}
