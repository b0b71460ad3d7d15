import LockstepCore
import LockstepNN
import Testing

/// sgd.json.
private struct SGDGolden: Decodable {
  struct Variant: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let learningRate, momentum, weightDecay: Double
    let nesterov: Bool
    let losses: [Double]
    let finalWeights: [String: GoldenTensor]
    var testDescription: String { name }
  }

  let steps, batch: Int
  let inputScale: Double
  let initialWeights: [String: GoldenTensor]
  let variants: [Variant]

  static let file = golden("sgd.json", as: SGDGolden.self)
  /// Lockstep's names of the parameters, by PyTorch's.
  static let names = [
    "dense1.weight": "layers.0.weight", "dense1.bias": "layers.0.bias", "dense2.weight": "layers.1.weight",
    "dense2.bias": "layers.1.bias",
  ]
}

@Suite("SGD")
struct SGDTests {
  @Test(
    "Twenty steps of every variant are PyTorch's to 1e-12 in float64", arguments: TestBackend.all,
    SGDGolden.file.variants)
  private func golden(_ backend: TestBackend, _ variant: SGDGolden.Variant) throws {
    let device = try backend.device()
    let file = SGDGolden.file
    let model = Sequential([Dense(5, activation: .tanh), Dense(3)])
    try model.build(input: [6])
    let parameters = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.parameter) })
    for (name, tensor) in file.initialWeights {
      parameters[SGDGolden.names[name]!]!.value = tensor.tensor(.float64, on: device)
    }
    let optimizer = Optimizer(
      SGD(
        learningRate: variant.learningRate, momentum: variant.momentum, weightDecay: variant.weightDecay,
        nesterov: variant.nesterov))
    #expect(variant.losses.count == 20)
    for (step, wanted) in variant.losses.enumerated() {
      let inputs = TrainingFormula.uniform(1000 + step, file.batch * 6, scale: file.inputScale)
      let x = Tensor(inputs, shape: [file.batch, 6], on: device).asType(.float64)
      let labels = Tensor(TrainingFormula.labels(step: step, file.batch, classes: 3), on: device)
      let (loss, gradients) = valueAndGradient(of: model) { softmaxCrossEntropy($0(x), labels) }
      #expect(try (loss.item() / wanted - 1).magnitude <= 1e-12, "step \(step)")
      optimizer.update(model, with: gradients)
    }
    for (name, wanted) in variant.finalWeights {
      try expectEqual(parameters[SGDGolden.names[name]!]!.value, wanted, tolerance: 1e-12, "\(name)")
    }
  }

  @Test("A learning rate changed between steps is used from then on")
  func schedule() throws {
    let layer = Dense(1, bias: false, weightInitializer: .constant(1))
    try layer.build(input: [1])
    layer.initialize(seed: 0, on: .reference())
    let optimizer = Optimizer(SGD(learningRate: 0.5))
    for rate in [0.5, 0.25] {
      optimizer.rule.learningRate = rate
      let (_, gradients) = valueAndGradient(of: layer) { $0.weight!.value.sum() }
      optimizer.update(layer, with: gradients)
    }
    #expect(try layer.weight!.value.item() == 1 - 0.5 - 0.25)
  }

  @Test("The state is a velocity for every parameter, by name")
  func state() throws {
    let model = Sequential([Dense(1, weightInitializer: .ones)])
    try model.build(input: [2])
    model.initialize(seed: 0, on: .reference())
    let optimizer = Optimizer(SGD(learningRate: 1, momentum: 0.5))
    #expect(optimizer.state.isEmpty)
    for _ in 0..<2 {
      let (_, gradients) = valueAndGradient(of: model) { model in
        model.parameters.map { $0.parameter.value.sum() }.reduce(Tensor(0 as Float, on: .defaultOf(model)), +)
      }
      optimizer.update(model, with: gradients)
    }
    // v = 1, then 0.5 · 1 + 1.
    #expect(optimizer.state.keys.sorted() == ["layers.0.bias", "layers.0.weight"])
    #expect(try optimizer.state["layers.0.weight"]?[0].scalars(as: Float.self) == [1.5, 1.5])
    #expect(try model.parameters[1].parameter.value.item() == -2.5)
  }
}

extension Device {
  fileprivate static func defaultOf(_ model: some Module) -> Device {
    model.parameters[0].parameter.value.device
  }
}
