import LockstepConformance
import LockstepCore
import Testing

@Suite("The table of cases")
struct CoverageTests {
  @Test("every operation has cases, of its own kind", arguments: OperationKind.allCases)
  func everyOperationHasCases(_ kind: OperationKind) {
    #expect(!kind.cases.isEmpty)
    #expect(kind.cases.allSatisfy { OperationKind($0.operation) == kind })
    #expect(kind.gradientChecks.allSatisfy { OperationKind($0.operation) == kind })
  }

  @Test("every function occurs on every dtype it supports")
  func everyFunctionOccurs() {
    let found = Set(Conformance.cases.map { "\($0.operation.name) \($0.dtype)" })
    var wanted: [String] = []
    for dtype in DType.allCases {
      wanted += UnaryFunction.allCases.filter { $0.supports(dtype) }.map { "\($0) \(dtype)" }
      wanted += BinaryFunction.allCases.filter { $0.supports(dtype) }.map { "\($0) \(dtype)" }
    }
    for dtype in DType.allCases where dtype.isNumeric {
      wanted += ["sum", "max", "min", "argMax", "argMin"].map { "\($0) \(dtype)" }
    }
    wanted += ["mean float32", "mean float64", "sumOfSquares float32", "sumOfSquares float64"]
    #expect(wanted.filter { !found.contains($0) } == [])
  }

  @Test("what moves elements occurs on every dtype, and the rest on both floating-point types")
  func everyDTypeOccurs() {
    for kind in OperationKind.allCases {
      let dtypes = Set(kind.cases.map(\.dtype))
      let wanted = DType.allCases.filter { dtype in
        switch kind {
        case .fill, .reshape, .broadcast, .transpose, .slice, .pad, .concatenate, .gather, .cast, .select:
          true
        case .unary, .binary: true
        case .scatterAdd, .reduce, .argReduce: dtype.isNumeric
        default: dtype.isFloatingPoint
        }
      }
      #expect(dtypes == Set(wanted), "\(kind)")
    }
  }

  @Test("every differentiable function has a gradient check")
  func everyGradientOccurs() {
    let found = Set(Conformance.gradientChecks.map(\.operation.name))
    let unary = UnaryFunction.allCases.filter { $0.supports(.float64) }.map { "\($0)" }
    let binary = BinaryFunction.allCases.filter { $0.supports(.float64) && !$0.isComparison }.map { "\($0)" }
    let reductions = Reduction.allCases.map { "\($0)" }
    #expect((unary + binary + reductions).filter { !found.contains($0) } == [])
    let without = OperationKind.allCases.filter(\.gradientChecks.isEmpty)
    #expect(
      without == [
        .fill, .argReduce, .fusedConv2DInputGradient, .fusedConv2DWeightGradient,
        .groupNormGradient, .sgd, .adam,
      ])
  }

  @Test("inputs are the same at every call")
  func inputsAreDeterministic() {
    for conformanceCase in OperationKind.conv2D.cases.prefix(5) {
      #expect(conformanceCase.makeInputs() == conformanceCase.makeInputs())
    }
  }

  @Test("names are unique, so that a failure names one case")
  func namesAreUnique() {
    let names = Conformance.cases.map(\.name)
    let counts = names.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    #expect(counts.filter { $0.value > 1 }.keys.sorted() == [])
  }
}
