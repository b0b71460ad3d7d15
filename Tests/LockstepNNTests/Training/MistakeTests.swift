import LockstepCore
import LockstepNN
import Testing

@Suite("Mistakes of the program end it with a message")
struct MistakeTests {
  /// Expects the process to have failed, saying all of `texts`.
  private func expect(_ result: ExitTest.Result?, says texts: String...) {
    let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    for text in texts { #expect(output.contains(text)) }
  }

  @Test("A layer that has not been built")
  func unbuilt() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential([ReLU(), Dense(3)])(Tensor.zeros([2, 4], on: .reference()))
    }
    expect(
      result, says: "in layer layers.1: Dense(3) has not been built: call build(input:) on the model first")
  }

  @Test("A parameter without a value")
  func uninitialized() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let model = Sequential([ReLU(), Dense(3)])
      try model.build(input: [4])
      _ = model(Tensor.zeros([2, 4], on: .reference()))
    }
    expect(
      result,
      says: "in layer layers.1: Dense(3) has no values yet: call initialize(seed:on:) on the model first")
  }

  @Test("A batch that doesn't fit a layer inside of a model")
  func mismatch() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = Device.reference()
      let model = Sequential([ReLU(), Dense(3)])
      try model.build(input: [4])
      model.initialize(seed: 0, on: device)
      _ = model(Tensor.zeros([2, 5], on: device))
    }
    expect(result, says: "in layer layers.1: ", "matmul", "[2, 5]", "[4, 3]")
  }

  @Test("A batch that is no images")
  func noImages() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Sequential([MaxPool2D(2)])(Tensor.zeros([2, 64], on: .reference()))
    }
    expect(
      result,
      says: "in layer layers.0: MaxPool2D(2x2) needs images [batch, height, width, channels], not [2, 64]")
  }

  @Test("An embedding of real numbers")
  func noIndices() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = Device.reference()
      let model = Sequential([Embedding(4, units: 2)])
      try model.build(input: [3])
      model.initialize(seed: 0, on: device)
      _ = model(Tensor.zeros([1, 3], on: device))
    }
    expect(result, says: "Embedding(4, units: 2) needs indices of int32 or int64, not float32 [1, 3]")
  }

  @Test("A batch with too few dimensions to normalise")
  func fewDimensions() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = Device.reference()
      let model = Sequential([LayerNorm(dimensions: 2)])
      try model.build(input: [3, 4])
      model.initialize(seed: 0, on: device)
      _ = model(Tensor.zeros([3, 4], on: device))
    }
    expect(
      result,
      says: "LayerNorm(dimensions: 2) needs a batch of examples with 2 dimensions, not [3, 4]")
  }

  @Test("A value of another shape for a parameter")
  func assignment() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter([2, 3], .zeros).value = Tensor.zeros([3, 2], on: .reference())
    }
    expect(result, says: "a parameter [2, 3] can't take a value of shape [3, 2]")
  }

  @Test("Predictions and targets that would broadcast")
  func broadcast() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = Device.reference()
      _ = meanSquaredError(Tensor.zeros([4], on: device), Tensor.zeros([4, 1], on: device))
    }
    expect(result, says: "meanSquaredError: predictions [4] and targets [4, 1] differ")
  }

  @Test("Gradients of another model")
  func otherModel() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let device = Device.reference()
      let (one, two) = (Sequential([Dense(1)]), Sequential([ReLU(), Dense(1)]))
      for model in [one, two] {
        try model.build(input: [1])
        model.initialize(seed: 0, on: device)
      }
      let (_, gradients) = valueAndGradient(of: one) { $0(Tensor.ones([1, 1], on: device)).sum() }
      Optimizer(SGD(learningRate: 1)).update(two, with: gradients)
    }
    expect(result, says: "no gradient for layers.1.weight: gradients are of another model")
  }

  @Test("Numbers that SGD can't have")
  func hyperparameters() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD(learningRate: 0.1, nesterov: true)
    }
    expect(result, says: "momentum 0.0", "nesterov true")
  }
}
