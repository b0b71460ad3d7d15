import LockstepCore
import LockstepNN
import Testing

/// A module with parameters in every kind of place.
private class Base: Module {
  let scale = Parameter([1], .ones)
}

private final class Everything: Base {
  let weight: Parameter? = Parameter([2, 3], .heUniform)
  let absent: Parameter? = nil
  let layers: [any Layer]
  let pair = (Parameter([4], .zeros), second: Parameter([5], .zeros))
  let branches: [String: Dense]
  let tied: Parameter
  weak var owner: Everything?
  let ignored = ["not", "a", "module"]

  override init() {
    layers = [Flatten(), Dense(2)]
    branches = ["right": Dense(1), "left": Dense(1)]
    tied = layers.isEmpty ? Parameter([], .zeros) : Parameter([6], .zeros)
    super.init()
    owner = self
  }

  func build() throws {
    for case let dense as Dense in layers + Array(branches.values) { try dense.build(input: [3]) }
  }
}

private final class Tied: Module {
  let first: Parameter
  let second: Parameter
  init(_ shared: Parameter) { (first, second) = (shared, shared) }
}

@Suite("Parameters of a module")
struct ParameterTests {
  @Test("Names are paths, in the order of declaration, a superclass's first")
  func names() throws {
    let module = Everything()
    try module.build()
    #expect(
      module.parameters.map(\.name) == [
        "scale", "weight", "layers.1.weight", "layers.1.bias", "pair.0", "pair.second",
        "branches.left.weight", "branches.left.bias", "branches.right.weight", "branches.right.bias", "tied",
      ])
    #expect(module.parameterCount == 1 + 6 + 8 + 4 + 5 + 2 * 4 + 6)
  }

  @Test("Names in a Sequential")
  func sequential() throws {
    let model = Sequential {
      Conv2D(2, kernel: 3)
      Flatten()
      Sequential([Dense(3, bias: false), Dense(2)])
    }
    #expect(model.parameters.isEmpty)
    try model.build(input: [4, 4, 1])
    #expect(
      model.parameters.map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.2.layers.0.weight", "layers.2.layers.1.weight",
        "layers.2.layers.1.bias",
      ])
  }

  @Test("A shared parameter is found once, gets the whole gradient and moves once")
  func tied() throws {
    let shared = Parameter([], .ones)
    let module = Tied(shared)
    module.initialize(seed: 0, on: .reference())
    #expect(module.parameters.map(\.name) == ["first"])
    let (_, gradients) = valueAndGradient(of: module) { $0.first.value * $0.second.value }
    // d x² / dx at 1.
    #expect(try gradients["first"]?.item() == 2)
    Optimizer(SGD(learningRate: 0.25)).update(module, with: gradients)
    #expect(try shared.value.item() == 0.5)
  }
}

@Suite("Gradients at parameters")
struct GradientTests {
  private struct Stop: Error, Equatable {}

  @Test("By name, in the model's order; none for a name there isn't")
  func names() throws {
    let model = try weighted()
    let (value, gradients) = valueAndGradient(of: model) { model in
      model(Tensor([1, 2] as [Float], shape: [1, 2], on: model.device)).sum()
    }
    #expect(try value.item() == 3 + 8 + 7)
    #expect(gradients.names == ["layers.0.weight", "layers.0.bias"])
    #expect(try gradients["layers.0.weight"]?.scalars(as: Float.self) == [1, 2])
    #expect(try gradients["layers.0.bias"]?.scalars(as: Float.self) == [1])
    #expect(gradients["layers.1.weight"] == nil)
  }

  @Test("The global norm is that of all gradients as one vector")
  func globalNorm() throws {
    let model = try weighted()
    let (_, gradients) = valueAndGradient(of: model) { model in
      // Gradients 2, 4 and 4: a norm of 6.
      model(Tensor([0.5, 1] as [Float], shape: [1, 2], on: model.device)).sum() * 4
    }
    #expect(try gradients.tensors.map { try $0.scalars(as: Float.self) } == [[2, 4], [4]])
    #expect(try gradients.globalNorm().item() == 6)
  }

  @Test("What the function gives back besides comes out, untracked values come back")
  func extra() throws {
    let model = try weighted()
    let (_, _, logits) = valueAndGradient(of: model) { model in
      let logits = model(Tensor([1, 1] as [Float], shape: [1, 2], on: model.device))
      return (logits.sum(), logits)
    }
    #expect(try logits.scalars(as: Float.self) == [14])
    #expect(model.parameters.allSatisfy { !$0.parameter.value.isTracked })
  }

  @Test("A function that throws leaves the parameters as they were")
  func throwing() throws {
    let model = try weighted()
    #expect(throws: Stop()) {
      try valueAndGradient(of: model) { model throws(Stop) -> Tensor in
        #expect(model.parameters.allSatisfy { $0.parameter.value.isTracked })
        model.layers[0].weight!.value = model.weight * 2
        throw Stop()
      }
    }
    #expect(model.parameters.allSatisfy { !$0.parameter.value.isTracked })
    #expect(try model.weight.scalars(as: Float.self) == [3, 4])
  }

  /// y = 3a + 4b + 7.
  private func weighted() throws -> Line {
    let model = Line()
    try model.layers[0].build(input: [2])
    let device = Device.reference()
    model.layers[0].weight!.value = Tensor([3, 4] as [Float], shape: [2, 1], on: device)
    model.layers[0].bias!.value = Tensor([7] as [Float], on: device)
    return model
  }

  private final class Line: Module {
    let layers = [Dense(1)]
    var weight: Tensor { layers[0].weight!.value }
    var device: Device { weight.device }
    func callAsFunction(_ x: Tensor) -> Tensor { layers[0](x) }
  }
}
