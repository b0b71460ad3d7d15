public import LockstepBackends
public import LockstepCore

extension SentinelBackend {
  /// Creates a sentinel whose judge is an oracle: what is red is faulty, what is amber poor.
  public convenience init(_ inner: any Backend, seed: UInt64 = 0, oracle: OperationOracle) {
    self.init(inner, seed: seed) { (instruction, inputs, outputs) throws(BackendError) in
      let judgement = try oracle.judge(instruction.operation, inputs: inputs, outputs: outputs)
      switch judgement.band {
      case .green: return .sound
      case .amber: return .poor
      case .red: return .faulty(FaultyOperation(instruction, judgement))
      }
    }
  }
}

extension FaultyOperation {
  /// Describes an operation that was judged red.
  init(_ instruction: Instruction, _ judgement: OperationJudgement) {
    self.init(
      operation: instruction.operation.name, origin: instruction.origin, elementCount: judgement.count,
      wrongCount: judgement.redCount,
      elements: judgement.redElements.map {
        Element(index: $0.index, got: $0.got, exact: $0.exact, rho: $0.rho)
      })
  }
}
