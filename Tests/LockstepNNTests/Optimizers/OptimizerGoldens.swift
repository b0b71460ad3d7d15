import LockstepCore
import LockstepNN
import Testing

/// optimizers.json.
struct OptimizerGoldens: Decodable {
  /// Parameters, or their gradients, by name.
  typealias Tensors = [String: GoldenTensor]

  struct Variant: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let settings: Settings
    let float64, float32: [Tensors]
    var testDescription: String { name }
  }

  /// PyTorch's keyword arguments.
  struct Settings: Decodable {
    let lr: Double
    let betas: [Double]?
    let eps, weight_decay, alpha, momentum, lr_decay, initial_accumulator_value: Double?
    let amsgrad, centered: Bool?
  }

  struct Clipped: Decodable, Sendable {
    let kind: String
    let limit: Double
    let gradients: Tensors
  }

  let initial: Tensors
  let gradients: [Tensors]
  let variants: [Variant]
  let groups: [Tensors]
  let clipped: [Clipped]
  let average: [Tensors]

  static let file = golden("optimizers.json", as: OptimizerGoldens.self)
}

extension OptimizerGoldens.Variant {
  /// The rule, made as a training makes it.
  var rule: any OptimizerRule {
    let betas = settings.betas
    let amsgrad = settings.amsgrad ?? false
    let kind: OptimizerKind =
      switch name.prefix(while: { $0 != " " }) {
      case "adam":
        .adam(
          beta1: betas?[0] ?? 0.9, beta2: betas?[1] ?? 0.999, epsilon: settings.eps ?? 1e-8, amsgrad: amsgrad)
      case "adamW": .adamW(amsgrad: amsgrad)
      case "rmsProp":
        .rmsProp(
          alpha: settings.alpha ?? 0.99, epsilon: settings.eps ?? 1e-8, momentum: settings.momentum ?? 0,
          centered: settings.centered ?? false)
      case "adagrad":
        .adagrad(
          learningRateDecay: settings.lr_decay ?? 0,
          initialAccumulator: settings.initial_accumulator_value ?? 0, epsilon: settings.eps ?? 1e-10)
      case "lion": .lion(beta1: betas?[0] ?? 0.9, beta2: betas?[1] ?? 0.99)
      default: .sgd
      }
    return kind.rule(
      learningRate: settings.lr, weightDecay: settings.weight_decay ?? kind.standardWeightDecay,
      momentum: 0, nesterov: false)
  }
}

/// The module of optimizers.json: a weight, a bias, and a statistic that no optimizer moves.
final class GoldenModule: Module {
  let weight = Parameter([3, 4], .zeros)
  let bias = Parameter([4], .zeros)
  let statistic = Parameter([2], .zeros, isTrainable: false)

  init(_ dtype: DType, on device: Device) {
    initialize(seed: 0, dtype: dtype, on: device)
    for named in parameters {
      named.parameter.value = OptimizerGoldens.file.initial[named.name]!.tensor(dtype, on: device)
    }
  }

  /// The gradients of a step, or other tensors of this module, as a backward pass gives them.
  func gradients(_ tensors: OptimizerGoldens.Tensors, _ dtype: DType, on device: Device) -> Gradients {
    valueAndGradient(of: self) { module in
      module.parameters.map { named in
        (named.parameter.value * tensors[named.name]!.tensor(dtype, on: device)).sum()
      }.reduce(.full(Shape(), 0, dtype: dtype, on: device), +)
    }.gradients
  }

  func expectEqual(
    _ wanted: OptimizerGoldens.Tensors, tolerance: Double, _ what: Comment,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for named in parameters {
      try LockstepNNTests.expectEqual(
        named.parameter.value, wanted[named.name]!, tolerance: tolerance, "\(named.name), \(what)",
        sourceLocation: sourceLocation)
    }
  }
}
