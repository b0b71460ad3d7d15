import LockstepCore
import Testing

/// Values and gradients are PyTorch 2's in float64, at −3, −1, −0.1, 0, 0.5 and 2.
struct Activation: CustomTestStringConvertible, Sendable {
  let name: String
  let values: [Double]
  let gradients: [Double]
  let function: @Sendable (Tensor) -> Tensor

  var testDescription: String { name }

  static let all: [Activation] = [
    Activation(
      name: "leakyReLU", values: [-0.6, -0.2, -0.02, 0, 0.5, 2], gradients: [0.2, 0.2, 0.2, 0.2, 1, 1]
    ) { $0.leakyReLU(slope: 0.2) },
    Activation(
      name: "elu", values: [-1.4253193974482041, -0.9481808382428365, -0.14274387294606064, 0, 0.5, 2],
      gradients: [0.07468060255179591, 0.5518191617571635, 1.3572561270539394, 1.5, 1, 1]
    ) { $0.elu(alpha: 1.5) },
    Activation(
      name: "silu",
      values: [
        -0.14227761953270035, -0.2689414213699951, -0.047502081252106004, 0, 0.3112296656009273,
        1.7615941559557646,
      ],
      gradients: [
        -0.08810410601516962, 0.07232948812851325, 0.4500832085017708, 0.5, 0.7399611873026519,
        1.0907842487848955,
      ]
    ) { $0.silu() },
    Activation(
      name: "gelu",
      values: [
        -0.00404969409489031, -0.15865525393145702, -0.0460172162722971, 0, 0.34573123063700656,
        1.9544997361036416,
      ],
      gradients: [
        -0.01194564720418392, -0.08331547058768635, 0.4204769079752698, 0.5, 0.8674951246561629,
        1.085231801078197,
      ]
    ) { $0.gelu() },
    Activation(
      name: "softplus",
      values: [
        0.04858735157374206, 0.31326168751822286, 0.6443966600735709, 0.6931471805599453, 0.9740769841801067,
        2.1269280110429727,
      ],
      gradients: [
        0.04742587317756679, 0.2689414213699951, 0.47502081252106, 0.5, 0.6224593312018546,
        0.8807970779778824,
      ]
    ) { $0.softplus() },
    Activation(
      name: "sigmoid",
      values: [
        0.04742587317756678, 0.2689414213699951, 0.47502081252106, 0.5, 0.6224593312018546,
        0.8807970779778823,
      ],
      gradients: [
        0.04517665973091214, 0.19661193324148185, 0.24937604019289197, 0.25, 0.2350037122015945,
        0.10499358540350662,
      ]
    ) { $0.sigmoid() },
  ]
}

@Suite("Activations", .onReference)
struct ActivationTests {
  @Test("have PyTorch's values and gradients", arguments: Activation.all)
  func golden(_ activation: Activation) throws {
    let x = Tensor([-3, -1, -0.1, 0, 0.5, 2])
    expectClose(try activation.function(x).values, activation.values, tolerance: 1e-14)
    let slope = gradient(at: x) { activation.function($0).sum() }
    expectClose(try slope.values, activation.gradients, tolerance: 1e-14)
  }

  @Test("have finite gradients however large the input is", arguments: Activation.all)
  func extremes(_ activation: Activation) throws {
    let magnitudes: [Float] = [0, .leastNonzeroMagnitude, 1e-3, 20, 89, 104, 1e4, 1e19, 1e30, 3e38]
    let x = Tensor(magnitudes + magnitudes.map { -$0 })
    #expect(try activation.function(x).values.allSatisfy { $0.isFinite })
    let slope = gradient(at: x) { activation.function($0).sum() }
    #expect(try slope.values.allSatisfy { $0.isFinite && abs($0) < 2 }, "\(slope)")
  }

  @Test("softmax and log-softmax go over any axis")
  func softmax() throws {
    let x = Tensor([1, 2, 3, -1, 0, 5] as [Double], shape: [2, 3])
    let columns = [0.8807970779778823, 0.8807970779778823, 0.11920292202211755]
    expectClose(try x.softmax(axis: 0).values, columns + columns.map { 1 - $0 }, tolerance: 1e-14)
    let rows = [
      0.09003057317038045, 0.2447284710547976, 0.6652409557748218, 0.0024561149044509535,
      0.006676412513376451, 0.9908674725821726,
    ]
    expectClose(try x.softmax().values, rows, tolerance: 1e-14)
    expectClose(try x.softmax(axis: -1).values, rows, tolerance: 1e-14)
    let logarithms = [-0.1269280110429726, -0.1269280110429726, -2.1269280110429727]
    expectClose(try x.logSoftmax(axis: -2).values, logarithms + logarithms.map { -2.2538560220859454 - $0 })
  }

  @Test("softmax stays finite where the exponential doesn't")
  func largeSoftmax() throws {
    let x = Tensor([1000, 999, -1000] as [Float])
    expectClose(try x.softmax().values, [0.7310585786300049, 0.2689414213699951, 0])
    expectClose(try x.logSoftmax().values, [-0.31326168751822286, -1.3132616875182228, -2000.3132616875182])
  }
}
