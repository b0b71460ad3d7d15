import LockstepCore
import LockstepNN
import Testing

@Suite("Residual")
struct ResidualTests {
  @Test("Parameters are named by their branch", arguments: [false, true])
  func names(hasShortcut: Bool) throws {
    let layer = Residual(activation: .relu) {
      Dense(3, bias: false)
      BatchNorm()
    } shortcut: {
      if hasShortcut { Dense(3, bias: false) }
    }
    #expect(try layer.build(input: [3]) == [3])
    let own = ["layers.0.weight", "layers.1.scale", "layers.1.offset"]
    #expect(layer.parameters.map(\.name) == own + (hasShortcut ? ["shortcut.0.weight"] : []))
    #expect(layer.description == "Residual(2 layers\(hasShortcut ? ", shortcut of 1" : ""), relu)")
  }

  @Test("It is the sum of both, then the activation", arguments: TestBackend.all, [Activation.relu, .tanh])
  func sum(_ backend: TestBackend, _ activation: Activation) throws {
    let device = try backend.device()
    let (branch, shortcut) = (Dense(4), Dense(4))
    let layer = Residual([branch], shortcut: [shortcut], activation: activation)
    try layer.build(input: [6])
    layer.initialize(seed: 1, on: device)
    let x = Tensor.uniformForTests([5, 6], on: device)
    #expect(
      try layer(x).scalars(as: Float.self)
        == activation(branch(x) + shortcut(x)).scalars(as: Float.self))
    let identity = Residual([Dense(6)], activation: activation)
    try identity.build(input: [6])
    identity.initialize(seed: 2, on: device)
    #expect(
      try identity(x).scalars(as: Float.self)
        == activation(identity.layers[0](x) + x).scalars(as: Float.self))
  }

  @Test("Gradients reach both branches as they reach the sum of them", arguments: TestBackend.all)
  func gradients(_ backend: TestBackend) throws {
    let device = try backend.device()
    let layer = Residual([Dense(6)], activation: .relu)
    try layer.build(input: [6])
    layer.initialize(seed: 2, on: device)
    let x = Tensor.uniformForTests([5, 6], on: device)
    let (_, fused) = valueAndGradient(at: [x]) { (layer($0[0]) * layer($0[0])).sum() }
    let (_, plain) = valueAndGradient(at: [x]) { inputs in
      let y = (layer.layers[0](inputs[0]) + inputs[0]).relu()
      return (y * y).sum()
    }
    let difference = (fused[0] - plain[0]).abs().max()
    #expect(try difference.item() < 1e-5)
  }

  @Test("Branches of different shapes are an error with both")
  func misfit() {
    func problem(_ layer: Residual) -> String? {
      let error = #expect(throws: ModelError.self) {
        try Sequential([Flatten(), layer]).build(input: [2, 2, 3])
      }
      return error?.description
    }
    #expect(
      problem(Residual([Dense(5)]))
        == "layer layers.1, Residual(1 layers): its layers give [5], the input they are added to is [12]; "
        + "they must be the same")
    #expect(
      problem(Residual([Dense(5)], shortcut: [Dense(4)]))
        == "layer layers.1, Residual(1 layers, shortcut of 1): its layers give [5], its shortcut gives [4]; "
        + "they must be the same")
    #expect(
      problem(Residual([Dense(5)], shortcut: [ReLU(), Conv2D(1, kernel: 3)]))
        == "layer layers.1.shortcut.1, Conv2D(1, kernel: 3x3): needs images [height, width, channels], not [12]"
    )
  }
}
