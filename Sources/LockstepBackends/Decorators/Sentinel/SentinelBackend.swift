public import LockstepCore
import Synchronization

/// A backend that checks every matrix product and convolution of another, and stops at the first result that
/// no rounding explains.
///
/// Each result is held against its inputs by Freivalds' check, which reads every operand once. Only where that
/// finds something, NaN and infinities among it, is the operation judged element by element, by exact bounds:
/// so a sound result never stops a training. A faulty one is a sticky failure,
/// ``/LockstepCore/BackendError/faultyOperation(_:)``.
public final class SentinelBackend: BackendDecorator {
  /// What a result is, held against the exact one.
  public enum Verdict: Sendable {
    /// Rounding explains it.
    case sound
    /// Rounding explains it, though not that of a good way to add up.
    case poor
    /// No rounding explains it.
    case faulty(FaultyOperation)
  }

  /// Judges all elements of the results that an instruction gave from inputs.
  public typealias Judge =
    @Sendable (Instruction, [TensorValue], [TensorValue]) throws(BackendError) -> Verdict

  fileprivate struct State: ~Copyable {
    var check: ProductCheck
    var report = SentinelReport()
    var failure: BackendError?
  }

  /// Who computes.
  public let inner: any Backend
  /// The inner backend's, and that it is checked.
  public let descriptor: BackendDescriptor
  private let judge: Judge
  private let state: Mutex<State>

  /// Creates a sentinel.
  ///
  /// - Parameters:
  ///   - inner: who computes.
  ///   - seed: the random signs are a function of it and of the number of the operation.
  ///   - judge: decides about a result that the check can't explain.
  public init(_ inner: any Backend, seed: UInt64 = 0, judge: @escaping Judge) {
    self.inner = inner
    self.judge = judge
    var descriptor = inner.descriptor
    descriptor.isChecked = true
    self.descriptor = descriptor
    state = Mutex(State(check: ProductCheck(seed: seed)))
  }

  /// What was checked so far.
  public var report: SentinelReport { state.withLock { $0.report } }

  /// Executes the instruction and looks at the result; nothing after a failure.
  public func submit(_ instruction: Instruction) {
    state.withLock { state in
      guard state.failure == nil else { return }
      inner.submit(instruction)
      do throws(BackendError) {
        try state.look(at: instruction, of: inner, judge)
      } catch {
        state.failure = error
      }
    }
  }

  /// Copies a buffer out, or throws the first failure.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    try throwFailure()
    try inner.download(buffer, into: bytes)
  }

  /// Waits for all instructions submitted so far, or throws the first failure.
  public func synchronize() throws(BackendError) {
    try throwFailure()
    try inner.synchronize()
  }

  private func throwFailure() throws(BackendError) {
    try state.withLock { state throws(BackendError) in
      if let failure = state.failure { throw failure }
    }
  }
}

extension SentinelBackend.State {
  fileprivate mutating func look(
    at instruction: Instruction, of backend: any Backend, _ judge: SentinelBackend.Judge
  ) throws(BackendError) {
    let clock = ContinuousClock()
    let begin = clock.now
    let index = UInt64(report.operationCount)
    guard let finding = try check.check(instruction, index: index, on: backend) else { return }
    report.operationCount += 1
    report.elementCount += instruction.outputs[0].spec.shape.count
    report.checkTime += begin.duration(to: clock.now)
    guard finding.isSuspicious else { return }
    try lookClosely(at: instruction, of: backend, judge)
  }

  private mutating func lookClosely(
    at instruction: Instruction, of backend: any Backend, _ judge: SentinelBackend.Judge
  ) throws(BackendError) {
    let clock = ContinuousClock()
    let begin = clock.now
    defer { report.judgementTime += begin.duration(to: clock.now) }
    var inputs: [TensorValue] = []
    var outputs: [TensorValue] = []
    for operand in instruction.inputs { inputs.append(try backend.value(of: operand)) }
    for operand in instruction.outputs { outputs.append(try backend.value(of: operand)) }
    report.judgedCount += 1
    switch try judge(instruction, inputs, outputs) {
    case .sound: break
    case .poor: report.poorCount += 1
    case .faulty(let fault): throw .faultyOperation(fault)
    }
  }
}
