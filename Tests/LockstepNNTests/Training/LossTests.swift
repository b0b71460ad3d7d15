import LockstepCore
import LockstepNN
import Testing

@Suite("Losses")
struct LossTests {
  @Test(
    "softmaxCrossEntropy is the mean of PyTorch's losses, and so is its gradient", arguments: TestBackend.all,
    GoldenCase.of("softmaxCrossEntropy").filter { $0.outputs["output"]!.shape != [0] })
  func crossEntropy(_ backend: TestBackend, _ golden: GoldenCase) throws {
    let device = try backend.device()
    let labels = golden.inputs["labels"]!.tensor(.float64, on: device)
    let losses = golden.outputs["output"]!.values
    let count = Double(losses.count)
    let (value, gradients) = valueAndGradient(at: [golden.inputs["logits"]!.tensor(.float64, on: device)]) {
      softmaxCrossEntropy($0[0], labels, labelSmoothing: golden.attributes.smoothing!)
    }
    let wanted = losses.reduce(0, +) / count
    #expect(try (value.item() - wanted).magnitude <= 1e-13 * max(1, wanted.magnitude))
    // The golden's gradient has an upstream of its own for every loss; a mean has 1 / count.
    let upstream = golden.upstream["output"]!.values
    let found = try gradients[0].scalars(as: Double.self)
    let classes = golden.inputs["logits"]!.shape[1]
    for (index, gradient) in golden.gradients["logits"]!.values.enumerated()
    where upstream[index / classes] != 0 {
      let wanted = gradient / upstream[index / classes] / count
      #expect((found[index] - wanted).magnitude <= 1e-13)
    }
  }

  @Test("meanSquaredError and its gradient, by hand")
  func squared() throws {
    let device = Device.reference()
    let targets = Tensor([1, 0, 1, 4] as [Float], shape: [2, 2], on: device)
    let predictions = Tensor([1, 2, 4, 3] as [Float], shape: [2, 2], on: device)
    let (value, gradients) = valueAndGradient(at: [predictions]) { meanSquaredError($0[0], targets) }
    #expect(try value.item() == (0 + 4 + 9 + 1) / 4.0)
    #expect(try gradients[0].scalars(as: Float.self) == [0, 1, 1.5, -0.5])
  }
}
