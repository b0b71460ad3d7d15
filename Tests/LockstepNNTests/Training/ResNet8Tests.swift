import LockstepCore
import LockstepNN
import LockstepSpecification
import Testing

/// resnet8-training.json.
private struct ResNet8Golden: Decodable {
  struct Entry: Decodable {
    let name: String
    let stream: Int
    let shape: [Int]
    let scale: Double
  }
  struct Summary: Decodable {
    let l2norm: Double
    let first: [Double]
  }
  struct Run: Decodable {
    let losses: [Double]
    let firstGradients, finalState: [String: Summary]
  }

  let batch: Int
  let learningRate, momentum: Double
  let parameters: [Entry]
  let float64: Run
}

@Suite("ResNet-8")
struct ResNet8Tests {
  private let file = golden("resnet8-training.json", as: ResNet8Golden.self)

  /// The model of models/resnet8.yaml with PyTorch's initial weights.
  private func makeModel(_ dtype: DType = .float32, on device: Device) throws -> Sequential {
    let specification = try ModelSpecification(contentsOf: repositoryPath("models/resnet8.yaml"))
    let model = try specification.makeModel(classes: 10, input: [32, 32, 3])
    model.initialize(seed: 0, dtype: dtype, on: device)
    let parameters = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.parameter) })
    for entry in file.parameters {
      let parameter = try #require(parameters[entry.name], "\(entry.name)")
      #expect(parameter.shape == Shape(entry.shape))
      let values = TrainingFormula.uniform(entry.stream, parameter.shape.count, scale: entry.scale)
      parameter.value = Tensor(values, shape: parameter.shape, on: device).asType(dtype)
    }
    return model
  }

  @Test("It has the layers of MLPerf Tiny's: 78,042 parameters, 672 running statistics")
  func size() throws {
    let model = try makeModel(on: .reference())
    #expect(model.parameterCount == 78_042)
    // 16 channels three times, 32 and 64 three times each; a mean and a variance for each.
    let statistics = model.state.filter { !$0.parameter.isTrainable }
    let numbers = statistics.map(\.parameter.shape.count).reduce(0, +)
    #expect(numbers == 672)
    #expect(
      statistics.map(\.name).suffix(2) == [
        "layers.4.shortcut.1.runningMean", "layers.4.shortcut.1.runningVariance",
      ])
  }

  /// Convolutions and the dense layer at the shapes of the paper, counted by hand: 12,501,632 products forward, as
  /// many at the weights, and at the inputs all but the 442,368 of the first convolution.
  @Test("A step computes 74 MFLOP an image, 25 of them forward")
  func work() throws {
    let counting = CountingBackend()
    let device = Device(counting)
    let model = try makeModel(on: device)
    _ = model(.zeros([1, 32, 32, 3], on: device))
    #expect(counting.floatingPointOperations == 25_003_264)
    _ = valueAndGradient(of: model) {
      softmaxCrossEntropy(
        $0(.zeros([1, 32, 32, 3], on: device), .training(step: 0, seed: 0)),
        Tensor([0] as [Int32], on: device))
    }
    #expect(counting.floatingPointOperations - 25_003_264 == 74_125_056)
  }

  /// In float32 a ReLU may decide otherwise than PyTorch's, which changes single gradients; in float64 none does.
  @Test(
    "Three steps are PyTorch's: losses, gradients, weights and running statistics",
    arguments: TestBackend.fast, [(DType.float64, 1e-12, 1e-9), (.float32, 1e-5, 2e-2)])
  func threeSteps(_ backend: TestBackend, _ precision: (dtype: DType, loss: Double, rest: Double)) throws {
    let device = try backend.device()
    let model = try makeModel(precision.dtype, on: device)
    let optimizer = Optimizer(SGD(learningRate: file.learningRate, momentum: file.momentum))
    #expect(file.float64.losses.count == 3)
    for (step, wanted) in file.float64.losses.enumerated() {
      let pixels = TrainingFormula.images(step: step, file.batch * 32 * 32 * 3)
      let images = Tensor(pixels, shape: [file.batch, 32, 32, 3], on: device).asType(precision.dtype)
      let labels = Tensor(TrainingFormula.labels(step: step, file.batch, classes: 10), on: device)
      let (loss, gradients) = valueAndGradient(of: model) {
        softmaxCrossEntropy($0(images, .training(step: step, seed: 0)), labels)
      }
      #expect(try (loss.item() / wanted - 1).magnitude <= precision.loss, "step \(step)")
      if step == 0 {
        #expect(gradients.names.count == file.float64.firstGradients.count)
        for (name, summary) in file.float64.firstGradients {
          try expect(gradients[name]!, summary, tolerance: precision.rest, "gradient at \(name)")
        }
      }
      optimizer.update(model, with: gradients)
    }
    let state = Dictionary(uniqueKeysWithValues: model.state.map { ($0.name, $0.parameter.value) })
    #expect(state.count == file.float64.finalState.count)
    for (name, summary) in file.float64.finalState {
      try expect(state[name]!, summary, tolerance: precision.rest, "final \(name)")
    }
  }

  /// Norm and first values within a part of the norm.
  private func expect(
    _ tensor: Tensor, _ wanted: ResNet8Golden.Summary, tolerance: Double, _ what: Comment
  ) throws {
    let values = try tensor.asType(.float64).scalars(as: Double.self)
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect((norm - wanted.l2norm).magnitude <= tolerance * wanted.l2norm, what)
    for (found, first) in zip(values, wanted.first) {
      #expect((found - first).magnitude <= tolerance * wanted.l2norm, what)
    }
  }
}
