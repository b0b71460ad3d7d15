import Foundation
import Lockstep
import Testing

@testable import struct LockstepTraining.SoftTargets

@Suite("Losses of weighted classes and mixed images")
struct SoftTargetsTests {
  struct Case: Decodable, Sendable {
    let labels, partners: [Int32]
    let share, smoothing: Double
    let weights: [Double]?
    let classes: Int
    let logits: [Double]
    let loss: Double
    let gradient: [Double]
  }

  private struct Golden: Decodable { let losses: [Case] }

  private static let cases: [Case] = {
    let file = SafetensorsTests.goldens.appending(path: "augmentation.json")
    return try! JSONDecoder().decode(Golden.self, from: Data(contentsOf: file)).losses
  }()

  private static func batch(_ golden: Case) -> HostBatch {
    HostBatch(
      pixels: [], labels: golden.labels, indices: Array(golden.labels.indices),
      mixture: golden.share == 1
        ? nil : BatchMixture(labels: golden.partners, share: Float(golden.share)))
  }

  @Test("loss and gradient are PyTorch's cross_entropy with weights and smoothing", arguments: cases)
  func pytorch(_ golden: Case) throws {
    let device = referenceDevice()
    let shape: Shape = [golden.labels.count, golden.classes]
    let targets = SoftTargets(
      classCount: golden.classes, labelSmoothing: golden.smoothing, classWeights: golden.weights
    ).values(of: Self.batch(golden))
    let (loss, gradients) = valueAndGradient(at: [Tensor(golden.logits, shape: shape, on: device)]) {
      softmaxCrossEntropy($0[0], targets: Tensor(targets.map(Double.init), shape: shape, on: device))
    }
    // The targets are float32, as in a training.
    #expect(try abs(loss.item() - golden.loss) < 2e-7)
    for (found, wanted) in zip(try gradients[0].scalars(as: Double.self), golden.gradient) {
      #expect(abs(found - wanted) < 2e-7)
    }
  }

  @Test("a batch of classes that don't count has no loss")
  func weightless() {
    let targets = SoftTargets(classCount: 2, labelSmoothing: 0, classWeights: [0, 1])
    let batch = HostBatch(pixels: [], labels: [0, 0], indices: [0, 1])
    #expect(targets.values(of: batch) == [0, 0, 0, 0])
  }
}
