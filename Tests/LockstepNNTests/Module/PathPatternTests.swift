import LockstepCore
import LockstepNN
import Testing

@Suite("Path patterns and freezing")
struct PathPatternTests {
  @Test(
    "a pattern matches a path, or a module on the way to it",
    arguments: [
      ("layers.0.weight", true), ("layers.0", true), ("layers.0.*", true), ("*.weight", true), ("*", true),
      ("layers.?.weight", true), ("l*0*t", true), ("layers", true), ("layers.1", false),
      ("layers.0.weigh", false), ("weight", false), ("*.bias", false), ("layers.0.weight.*", false),
      ("layers.?", true), ("", false), ("l*x*t", false), ("**.weight", true),
    ])
  func matching(pattern: String, matches: Bool) {
    #expect(PathPattern(pattern).matches("layers.0.weight") == matches)
  }

  @Test("a layer's number is not the beginning of another one's")
  func prefix() { #expect(!PathPattern("layers.1").matches("layers.10.weight")) }

  private static func model(on device: Device = .reference()) throws -> Sequential {
    let model = Sequential([Dense(3, activation: .tanh), BatchNorm(), Dense(2)])
    try model.build(input: [4])
    model.initialize(seed: 1, on: device)
    return model
  }

  @Test("a pattern that matches nothing is an error with a suggestion")
  func nothing() throws {
    let model = try Self.model()
    let cases: [(PathPattern, String)] = [
      ("layer.0.*", "no parameter matches 'layer.0.*'; did you mean 'layers.0.*'?"),
      ("*.wieght", "no parameter matches '*.wieght'; did you mean '*.weight'?"),
      (
        "encoder.block",
        "no parameter matches 'encoder.block'; they are layers.0.weight, layers.0.bias, layers.1.scale, "
          + "layers.1.offset, layers.1.runningMean, layers.1.runningVariance, layers.2.weight, layers.2.bias"
      ),
    ]
    for (pattern, message) in cases {
      let error = #expect(throws: PatternError.self) { try model.freeze(["layers.0", pattern]) }
      #expect(error?.description == message)
    }
    #expect(model.state.allSatisfy { !$0.parameter.isFrozen }, "nothing is frozen by half an error")
    #expect(throws: PatternError.self) {
      try [ParameterGroup(["layers.9"])].adjustments(of: model.parameters)
    }
  }

  @Test("of several groups the last that says something of a setting decides it")
  func groups() throws {
    let groups = [
      ParameterGroup(["layers.0"], learningRateFactor: 0.5, weightDecay: 0.25),
      ParameterGroup(["*.bias", "*.weight"], weightDecay: 0.125),
    ]
    let found = try groups.adjustments(of: Self.model().parameters, decaysVectors: false)
    #expect(
      found == [
        "layers.0.weight": ParameterAdjustment(learningRateFactor: 0.5, weightDecay: 0.125),
        "layers.0.bias": ParameterAdjustment(learningRateFactor: 0.5, weightDecay: 0.125),
        "layers.1.scale": ParameterAdjustment(weightDecay: 0),
        "layers.1.offset": ParameterAdjustment(weightDecay: 0),
        "layers.2.weight": ParameterAdjustment(weightDecay: 0.125),
        "layers.2.bias": ParameterAdjustment(weightDecay: 0.125),
      ])
    #expect(try [ParameterGroup]().adjustments(of: Self.model().parameters).isEmpty)
  }

  @Test("what is frozen has no gradient and stays, its running statistics too", arguments: TestBackend.all)
  func freezing(backend: TestBackend) throws {
    let device = try backend.device()
    let model = try Self.model(on: device)
    func values() throws -> [String: [Float]] {
      Dictionary(
        uniqueKeysWithValues: try model.state.map {
          ($0.name, try $0.parameter.value.scalars(as: Float.self))
        })
    }
    try model.freeze(["layers.0.*", "layers.1"])
    #expect(model.learningParameters.map(\.name) == ["layers.2.weight", "layers.2.bias"])
    #expect(model.parameterCount == 4 * 3 + 3 + 6 + 3 * 2 + 2, "a frozen parameter is one all the same")
    let before = try values()
    let x = Tensor.uniformForTests([8, 4], on: device)
    let (_, gradients) = valueAndGradient(of: model) { model in
      model(x, .training(step: 0, seed: 0)).squared().sum()
    }
    #expect(gradients.names == ["layers.2.weight", "layers.2.bias"])
    Optimizer(SGD(learningRate: 0.1)).update(model, with: gradients)
    let after = try values()
    #expect(Set(after.keys.filter { after[$0] != before[$0] }) == ["layers.2.weight", "layers.2.bias"])
    model.unfreeze()
    _ = model(x, .training(step: 1, seed: 0))
    #expect(try values()["layers.1.runningMean"] != after["layers.1.runningMean"])
  }

  @Test("a frozen batch normalisation predicts while the rest trains")
  func frozenNormalization() throws {
    let device = Device.reference()
    let model = try Self.model(on: device)
    let x = Tensor.uniformForTests([8, 4], on: device)
    let inference = try model(x).scalars(as: Float.self)
    let training = { try model(x, .training(step: 0, seed: 0)).scalars(as: Float.self) }
    #expect(try training() != inference)
    model.initialize(seed: 1, on: device)
    try model.freeze(["layers.1"])
    #expect(try training() == inference)
  }
}
