import LockstepCore

/// Gradients of functions of each element, of pairs, and of the choice between two.
enum ElementwiseGradients {
  static var unary: [GradientCheck] {
    UnaryFunction.allCases.flatMap { function in
      contents(function).map { contents in
        GradientCheck("", .unary(function), [CaseInput([3, 5], .float64, contents)])
      }
    }
  }

  /// Numbers at which a function has a derivative, none near a kink or a jump; nil for functions of bool.
  private static func contents(_ function: UnaryFunction) -> [CaseInput.Contents] {
    let signs = CaseInput.Contents.reals([-1.7, -0.6, -0.2, 0.3, 0.8, 1.4, 2.3])
    switch function {
    case .negate, .square, .exp, .expm1, .tanh, .sigmoid, .softplus, .erf, .sin, .cos:
      return [.uniform(-3...3)]
    case .log, .sqrt, .rsqrt: return [.uniform(0.3...4)]
    case .log1p: return [.uniform(-0.6...4)]
    case .reciprocal: return [.uniform(0.4...3), .uniform(-3 ... -0.4)]
    case .absolute, .relu: return [signs]
    // Constant between their jumps: the gradient is zero.
    case .sign, .floor, .ceil, .round: return [signs]
    case .logicalNot: return []
    }
  }

  static var binary: [GradientCheck] {
    BinaryFunction.allCases.flatMap { function in
      operands(function).flatMap { left, right in
        shapes.map { lhs, rhs in
          GradientCheck(
            "\(lhs) with \(rhs)", .binary(function),
            [CaseInput(lhs, .float64, left), CaseInput(rhs, .float64, right)])
        }
      }
    }
  }

  private static let shapes: [(Shape, Shape)] = [
    ([5], [5]), ([], [3]), ([3], []), ([2, 3], [3]), ([3], [2, 3]), ([2, 1, 3], [4, 1]), ([1, 1], [2, 3]),
    ([0, 3], [3]),
  ]

  private static func operands(
    _ function: BinaryFunction
  ) -> [(CaseInput.Contents, CaseInput.Contents)] {
    let any = CaseInput.Contents.uniform(-2...2)
    switch function {
    case .add, .subtract, .multiply, .addReLU: return [(any, any)]
    case .divide: return [(any, .uniform(0.5...3)), (any, .uniform(-3 ... -0.5))]
    case .power: return [(.uniform(0.4...2), any)]
    case .maximum, .minimum: return [(.reals([-1, 0.5, 2, -0.1, 1]), .reals([-0.9, 0.7, -2, 0.1]))]
    case .reluGradient: return [(.reals([-1, 0.5, 2, -0.1, 1]), any)]
    case .tanhGradient, .sigmoidGradient: return [(.uniform(-0.9...0.9), any)]
    // Bool results and bool operands have no gradient.
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .logicalAnd, .logicalOr: return []
    }
  }

  static let select = [
    GradientCheck("same", .select, [condition([2, 3]), .ordinary([2, 3]), .ordinary([2, 3])]),
    GradientCheck("broadcast operands", .select, [condition([2, 3]), .ordinary([3]), .ordinary([])]),
    GradientCheck("broadcast condition", .select, [condition([3, 1]), .ordinary([3, 4]), .ordinary([4])]),
    GradientCheck("all broadcast", .select, [condition([2, 1, 1]), .ordinary([3, 1]), .ordinary([1, 4])]),
  ]

  private static func condition(_ shape: Shape) -> CaseInput {
    CaseInput(shape, .bool, .integers([1, 0, 0, 1, 1]))
  }
}
