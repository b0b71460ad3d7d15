import LockstepBackends
import LockstepCore
import LockstepNN
import Testing

@Suite("Optimizers")
struct OptimizerTests {
  private static let file = OptimizerGoldens.file

  /// Moves the parameters of the goldens by given gradients, and compares them after each step.
  private static func check(
    _ optimizer: Optimizer, _ wanted: [OptimizerGoldens.Tensors], _ dtype: DType, tolerance: Double,
    on device: Device
  ) throws {
    let module = GoldenModule(dtype, on: device)
    #expect(wanted.count == file.gradients.count && wanted.count == 6)
    for (step, gradients) in file.gradients.enumerated() {
      optimizer.update(module, with: module.gradients(gradients, dtype, on: device))
      try module.expectEqual(wanted[step], tolerance: tolerance, "step \(step + 1)")
    }
    #expect(optimizer.stepCount == 6)
  }

  @Test(
    "every step of every variant is PyTorch's, to 1e-14 in float64", arguments: TestBackend.all,
    file.variants)
  private func doublePrecision(_ backend: TestBackend, _ variant: OptimizerGoldens.Variant) throws {
    try Self.check(
      Optimizer(variant.rule), variant.float64, .float64, tolerance: 1e-14, on: backend.device())
  }

  // A few roundings a step, of numbers around 1.
  @Test(
    "every step of every variant is PyTorch's, to 5e-7 in float32", arguments: TestBackend.all,
    file.variants)
  private func singlePrecision(_ backend: TestBackend, _ variant: OptimizerGoldens.Variant) throws {
    try Self.check(
      Optimizer(variant.rule), variant.float32, .float32, tolerance: 5e-7, on: backend.device())
  }

  @Test("parameter groups are PyTorch's")
  func groups() throws {
    let device = Device.reference()
    let groups = [ParameterGroup(["bias"], learningRateFactor: 2, weightDecay: 0)]
    let module = GoldenModule(.float64, on: device)
    let rule = Adam(learningRate: 0.05, weightDecay: 0.5, decouplesWeightDecay: true)
    let optimizer = Optimizer(rule, adjustments: try groups.adjustments(of: module.parameters))
    try Self.check(optimizer, Self.file.groups, .float64, tolerance: 1e-14, on: device)
  }

  @Test("clipped gradients are PyTorch's", arguments: file.clipped)
  private func clipping(_ wanted: OptimizerGoldens.Clipped) throws {
    let device = Device.reference()
    let module = GoldenModule(.float64, on: device)
    let gradients = module.gradients(Self.file.gradients[3], .float64, on: device)
    let clipping =
      wanted.kind == "norm"
      ? GradientClipping(norm: wanted.limit) : GradientClipping(value: wanted.limit)
    let clipped = gradients.clipped(clipping)
    for (name, tensor) in wanted.gradients {
      try expectEqual(clipped[name]!, tensor, tolerance: 1e-15, "\(name)")
    }
  }

  @Test("clipped by both, values come first")
  func clippingByBoth() throws {
    let device = Device.reference()
    let module = GoldenModule(.float64, on: device)
    let gradients = module.gradients(Self.file.gradients[3], .float64, on: device)
    let both = gradients.clipped(GradientClipping(norm: 1, value: 0.1), norm: gradients.globalNorm())
    // 16 elements of at most 0.1 have a norm below 1, so the norm clips nothing more.
    #expect(try both.globalNorm().item() < 0.401)
    for (tensor, one) in zip(both.tensors, gradients.clipped(toValue: 0.1).tensors) {
      #expect(try tensor.scalars(as: Double.self) == one.scalars(as: Double.self))
    }
  }

  @Test("the average of weights and statistics is PyTorch's after every step")
  func average() throws {
    let device = Device.reference()
    let module = GoldenModule(.float64, on: device)
    let optimizer = Optimizer(SGD(learningRate: 0.1))
    let average = WeightAverage(decay: 0.75)
    let state = module.state
    for (step, gradients) in Self.file.gradients.enumerated() {
      optimizer.update(module, with: module.gradients(gradients, .float64, on: device))
      module.statistic.value += Double(step + 1)
      average.update(state)
      for named in state {
        try expectEqual(
          average.values[named.name]!, Self.file.average[step][named.name]!, tolerance: 1e-14,
          "\(named.name), step \(step + 1)")
      }
    }
  }

  @Test("while something is computed with the average the model has it, and its own weights again after that")
  func swappedAverage() throws {
    let device = Device.reference()
    let module = GoldenModule(.float64, on: device)
    let average = WeightAverage(decay: 0.5)
    let own = try module.bias.value.scalars(as: Double.self)
    #expect(try average.withAverage(module.state) { try module.bias.value.scalars(as: Double.self) } == own)
    average.values["bias"] = .ones([4], dtype: .float64, on: device)
    let seen = try average.withAverage(module.state) { try module.bias.value.scalars(as: Double.self) }
    #expect(seen == [1, 1, 1, 1])
    #expect(try module.bias.value.scalars(as: Double.self) == own)
  }

  /// On a backend that writes parameters and state over what they were.
  @Test(
    "a tensor that somebody has stays what it is",
    arguments: [OptimizerKind.sgd, .adam(), .rmsProp(), .lion()])
  func values(_ kind: OptimizerKind) throws {
    let device = Device(try NativeBackend(threads: 1))
    #expect(device.backend.updatesInPlace)
    let (module, other) = (GoldenModule(.float32, on: device), GoldenModule(.float32, on: device))
    let rule = kind.rule(learningRate: 0.1, weightDecay: 0.01, momentum: 0.9, nesterov: false)
    let (optimizer, another) = (Optimizer(rule), Optimizer(rule))
    let gradients = module.gradients(OptimizerGoldens.file.gradients[0], .float32, on: device)
    optimizer.update(module, with: gradients)
    another.update(other, with: gradients)

    let weight = module.weight.value
    let state = optimizer.state
    let before = try ([weight] + state["weight"]!).map { try $0.scalars(as: Float.self) }
    optimizer.update(module, with: gradients)
    #expect(try ([weight] + state["weight"]!).map { try $0.scalars(as: Float.self) } == before)
    // And the step is that of a module whose tensors nobody else has.
    another.update(other, with: gradients)
    let moved = try module.weight.value.scalars(as: Float.self)
    #expect(moved != before[0])
    #expect(try other.weight.value.scalars(as: Float.self) == moved)
  }

  @Test("AMSGrad keeps the largest mean square, the others as much as they need")
  func stateSizes() {
    let device = Device.reference()
    let parameter = Tensor.ones([2], on: device)
    let sizes: [(OptimizerKind, Int)] = [
      (.sgd, 1), (.adam(), 2), (.adamW(amsgrad: true), 3), (.rmsProp(), 2), (.rmsProp(centered: true), 3),
      (.adagrad(), 1), (.lion(), 1),
    ]
    for (kind, size) in sizes {
      let rule = kind.rule(learningRate: 0.1, weightDecay: 0, momentum: 0, nesterov: false)
      #expect(rule.initialState(for: parameter).count == size, "\(kind.name)")
    }
  }
}
