import LockstepCore
import LockstepNN
import LockstepSpecification
import Testing

/// w1-training.json.
private struct W1Golden: Decodable {
  struct Entry: Decodable {
    let name: String
    let stream: Int
    let shape: [Int]
    let scale: Double
  }
  struct Summary: Decodable {
    let sum, l2norm: Double
    let first: [Double]
  }
  struct Run: Decodable {
    let losses: [Double]
    let firstGradients, finalWeights: [String: Summary]
  }

  let steps, batch: Int
  let learningRate, momentum: Double
  let parameters: [Entry]
  let float32: Run

  /// Lockstep's names of the parameters, by PyTorch's.
  static let names = ["conv1": "layers.0", "conv2": "layers.2", "dense1": "layers.5", "dense2": "layers.6"]
    .reduce(into: [String: String]()) { names, pair in
      for part in ["weight", "bias"] { names["\(pair.key).\(part)"] = "\(pair.value).\(part)" }
    }
}

@Suite("W1, the reference net")
struct W1Tests {
  private let file = golden("w1-training.json", as: W1Golden.self)

  /// The model of models/w1.yaml with PyTorch's initial weights.
  private func makeModel(on device: Device) throws -> Sequential {
    let specification = try ModelSpecification(contentsOf: repositoryPath("models/w1.yaml"))
    let model = try specification.makeModel(classes: 10, input: [28, 28, 1])
    let parameters = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.parameter) })
    #expect(parameters.count == file.parameters.count)
    for entry in file.parameters {
      let parameter = try #require(parameters[W1Golden.names[entry.name]!])
      #expect(parameter.shape == Shape(entry.shape))
      let values = TrainingFormula.uniform(entry.stream, parameter.shape.count, scale: entry.scale)
      parameter.value = Tensor(values, shape: parameter.shape, on: device)
    }
    return model
  }

  private func lossAndGradients(
    _ model: Sequential, step: Int, count: Int, on device: Device
  ) -> (Tensor, Gradients) {
    let pixels = TrainingFormula.images(step: step, file.batch * 28 * 28)
    let images = Tensor(pixels, shape: [file.batch, 28, 28, 1], on: device)[..<count]
    let labels = Tensor(TrainingFormula.labels(step: step, file.batch, classes: 10), on: device)[..<count]
    let (loss, gradients) = valueAndGradient(of: model) { softmaxCrossEntropy($0(images), labels) }
    return (loss, gradients)
  }

  @Test("Ten steps are PyTorch's: losses to 1e-5, gradients and weights", arguments: TestBackend.fast)
  func tenSteps(_ backend: TestBackend) throws {
    let device = try backend.device()
    let model = try makeModel(on: device)
    let optimizer = Optimizer(SGD(learningRate: file.learningRate, momentum: file.momentum))
    #expect(file.float32.losses.count == 10)
    for (step, wanted) in file.float32.losses.enumerated() {
      let (loss, gradients) = lossAndGradients(model, step: step, count: file.batch, on: device)
      #expect(try (loss.item() / wanted - 1).magnitude <= 1e-5, "step \(step)")
      if step == 0 {
        for (name, summary) in file.float32.firstGradients {
          try expect(gradients[W1Golden.names[name]!]!, summary, "gradient at \(name)")
        }
      }
      optimizer.update(model, with: gradients)
    }
    let parameters = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.parameter.value) })
    for (name, summary) in file.float32.finalWeights {
      try expect(parameters[W1Golden.names[name]!]!, summary, "final \(name)")
    }
  }

  @Test("The first loss is PyTorch's on the reference backend")
  func firstLoss() throws {
    let device = Device.reference()
    let model = try makeModel(on: device)
    let images = TrainingFormula.images(step: 0, file.batch * 28 * 28)
    let labels = Tensor(TrainingFormula.labels(step: 0, file.batch, classes: 10), on: device)
    let logits = model(Tensor(images, shape: [file.batch, 28, 28, 1], on: device))
    let loss = try softmaxCrossEntropy(logits, labels).item()
    #expect((loss / file.float32.losses[0] - 1).magnitude <= 1e-6)
  }

  /// Norm and first values within 1e-6 of the norm, the sum, which cancels, within 3e-5: what
  /// scripts/goldens/README.md found to be rounding.
  private func expect(_ tensor: Tensor, _ wanted: W1Golden.Summary, _ what: Comment) throws {
    let values = try tensor.scalars(as: Float.self).map(Double.init)
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect((norm - wanted.l2norm).magnitude <= 1e-6 * wanted.l2norm, what)
    #expect((values.reduce(0, +) - wanted.sum).magnitude <= 3e-5 * wanted.l2norm, what)
    for (found, wanted_) in zip(values, wanted.first) {
      #expect((found - wanted_).magnitude <= 1e-6 * wanted.l2norm, what)
    }
  }

  @Test("The formula gives the weights and batches PyTorch was given")
  func formula() {
    #expect(
      TrainingFormula.hashes(0, 4) == [125_198_284, 916_450_633, 3_755_777_215, 1_843_101_446])
    #expect(
      TrainingFormula.uniform(0, 2, scale: 1.633) == [-0.768898069858551, -0.46805405616760254])
    #expect(TrainingFormula.images(step: 0, 2) == [0.9254902005195618, 0.23137255012989044])
    #expect(TrainingFormula.labels(step: 9, 4, classes: 10) == [8, 9, 7, 5])
  }
}
