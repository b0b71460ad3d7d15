import LockstepCore
import LockstepNN
import Testing

/// `torch.nn.functional`'s values and gradients at −30, −2, −½, ¼, 3 and 40, in float64.
struct ActivationGolden: Sendable, CustomTestStringConvertible {
  let activation: Activation
  let values, gradients: [Double]
  var testDescription: String { activation.name }

  static let points: [Double] = [-30, -2, -0.5, 0.25, 3, 40]
  static let all = [
    ActivationGolden(
      activation: .leakyReLU(), values: [-0.3, -0.02, -0.005, 0.25, 3.0, 40.0],
      gradients: [0.01, 0.01, 0.01, 1.0, 1.0, 1.0]),
    ActivationGolden(
      activation: .elu(),
      values: [-0.9999999999999064, -0.8646647167633873, -0.3934693402873666, 0.25, 3.0, 40.0],
      gradients: [9.357622968840175e-14, 0.1353352832366127, 0.6065306597126334, 1.0, 1.0, 1.0]),
    ActivationGolden(
      activation: .gelu(),
      values: [0, -0.04550026389635842, -0.15426876936299344, 0.14967658142073093, 2.99595030590511, 40.0],
      gradients: [
        -4.420938404635643e-195, -0.08523180107819692, 0.13250487534383712, 0.695373354883636,
        1.011945647204184, 1.0,
      ]),
    ActivationGolden(
      activation: .silu,
      values: [
        -2.8072868906517896e-12, -0.2384058440442351, -0.1887703343990727, 0.14054412522144952,
        2.8577223804672998, 40.0,
      ],
      gradients: [
        -2.713710660963134e-12, -0.09078424878489547, 0.2600388126973482, 0.6237100215701977,
        1.0881041060151693, 1.0,
      ]),
  ]
}

@Suite("Activations made of several operations")
struct ActivationTests {
  @Test("Values and gradients are PyTorch's", arguments: TestBackend.all, ActivationGolden.all)
  func golden(_ backend: TestBackend, _ golden: ActivationGolden) throws {
    let x = Tensor(ActivationGolden.points, on: try backend.device())
    var y: Tensor?
    let slope = gradient(at: x) { x in
      let result = golden.activation(x)
      y = result.detached()
      return result.sum()
    }
    let found = try (y!.scalars(as: Double.self), slope.scalars(as: Double.self))
    for (found, wanted) in zip(found.0 + found.1, golden.values + golden.gradients) {
      #expect((found - wanted).magnitude <= 1e-14)
    }
  }
}
