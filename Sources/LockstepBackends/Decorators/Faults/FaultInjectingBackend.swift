public import LockstepCore
import Synchronization

/// A backend that makes a ``Fault`` on purpose, to test what looks for faults.
///
/// Another backend computes; where the fault concerns an instruction, its result is replaced by what a faulty
/// kernel would have computed from the same inputs. The descriptor says so, and with it every run record.
public final class FaultInjectingBackend: BackendDecorator {
  /// How often a sporadic fault strikes unless another probability is given.
  public static let standardProbability = 0.01

  /// A result that is not what the inner backend computed.
  public struct Injection: Hashable, Sendable {
    /// What was computed.
    public let operation: String
    /// Where in the model.
    public let origin: Origin
  }

  private struct State {
    /// How many instructions the fault has concerned.
    var concerned: UInt64 = 0
    var count = 0
    var first: Injection?
  }

  /// Who computes.
  public let inner: any Backend
  /// What goes wrong.
  public let fault: Fault
  /// The inner backend's, with the fault.
  public let descriptor: BackendDescriptor
  private let settings: InjectedFault
  private let state = Mutex(State())

  /// Creates a faulty backend.
  ///
  /// - Parameters:
  ///   - inner: who computes.
  ///   - fault: what goes wrong.
  ///   - seed: where and when a fault that is left to chance strikes is a function of it.
  ///   - probability: how often a sporadic fault strikes, from 0 to 1; others always do.
  public init(
    _ inner: any Backend, _ fault: Fault, seed: UInt64 = 0,
    probability: Double = FaultInjectingBackend.standardProbability
  ) {
    trap(unless: (0...1).contains(probability), "a probability is from 0 to 1, not \(probability)")
    self.inner = inner
    self.fault = fault
    settings = InjectedFault(name: fault.name, seed: seed, probability: fault.isSporadic ? probability : 1)
    var descriptor = inner.descriptor
    descriptor.fault = settings
    self.descriptor = descriptor
  }

  /// How many results were replaced by others.
  public var injectionCount: Int { state.withLock { $0.count } }

  /// The first result that was replaced by another.
  public var firstInjection: Injection? { state.withLock { $0.first } }

  /// Executes the instruction, rightly or not.
  public func submit(_ instruction: Instruction) {
    inner.submit(instruction)
    guard fault.concerns(instruction), var random = strike() else { return }
    // A failure is the inner backend's, which keeps it for whoever downloads next.
    try? spoil(instruction, &random)
  }

  /// What a fault's chances are drawn from, or nil where it does not strike this time.
  private func strike() -> RandomStream? {
    let index = state.withLock { state in
      defer { state.concerned += 1 }
      return state.concerned
    }
    var random = RandomStream(seed: settings.seed, purpose: .fault, index: index)
    return random.openUniform() < settings.probability ? random : nil
  }

  /// Replaces the result by the faulty one.
  private func spoil(_ instruction: Instruction, _ random: inout RandomStream) throws(BackendError) {
    let output = instruction.outputs[0]
    let sound = try inner.value(of: output)
    let faulty = try result(instruction, sound, &random)
    guard faulty.bytes != sound.bytes else { return }
    inner.write(faulty, to: output)
    state.withLock { state in
      state.count += 1
      state.first =
        state.first ?? Injection(operation: instruction.operation.name, origin: instruction.origin)
    }
  }

  private func result(
    _ instruction: Instruction, _ sound: TensorValue, _ random: inout RandomStream
  ) throws(BackendError) -> TensorValue {
    switch fault {
    case .zeroTile: return sound.withZeroTile(&random)
    case .shuffledWeightGradient: return sound.withShuffledColumns
    case .channelWrap: return sound.withWrappedColumns(after: FaultLimit.columns)
    case .nanLeak: return sound.withLeakedNaN(&random)
    case .droppedLastTerm:
      return try inner.result(of: instruction, withoutTerm: (instruction.productCount ?? 1) - 1)
    case .missingTerm:
      return try inner.result(of: instruction, withoutTerm: FaultLimit.counter - 1)
    case .float32Norm: return try inner.total(of: instruction, in: Float.self)
    case .x87Double: return try inner.total(of: instruction, in: Double.self)
    case .bfloat16Products: return sound.rounded(toSignificantBits: 8)
    case .tf32Products: return sound.rounded(toSignificantBits: 11)
    case .scaledGradient: return TensorValue(sound.spec, reals: sound.reals.map { $0 * 0.99 })
    case .ulpNoise: return sound.withUlpNoise(&random)
    case .truncatingConversion: return try inner.truncatingCast(instruction)
    }
  }
}
