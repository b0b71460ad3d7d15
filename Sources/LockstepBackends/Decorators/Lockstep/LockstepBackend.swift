public import LockstepCore
import Synchronization

/// Two backends that compute the same program side by side, instruction by instruction.
///
/// The program sees the first backend's results and nothing of the second. The second keeps a copy of every
/// buffer and computes with its own numbers, as if it were alone: its *own stream*. Where those have drifted
/// apart from the first backend's it also executes each instruction on the first one's inputs, in memory aside,
/// so that what one operation does is told apart from what went before it.
///
/// An observer is told of each instruction. Results are downloaded from both after every instruction, so
/// nothing runs ahead.
public final class LockstepBackend: Backend {
  /// Whose results the program sees.
  public let first: any Backend
  /// Who computes beside it.
  public let second: any Backend
  /// The first backend's, under a name that says both.
  public let descriptor: BackendDescriptor

  private let observer: (any LockstepObserver)?
  private let state = Mutex(State())

  /// What is kept of the program.
  private struct State {
    var buffers: [BufferID: BufferPair] = [:]
    var lastID: UInt64 = 0
    var instructionCount = 0
    var failure: BackendError?
  }

  /// Creates a pair.
  ///
  /// - Parameter observer: who is told of every instruction, on the thread that submits it.
  public init(_ first: any Backend, _ second: any Backend, observer: (any LockstepObserver)? = nil) {
    self.first = first
    self.second = second
    self.observer = observer
    var descriptor = first.descriptor
    descriptor.name = "\(first.descriptor.name) in lockstep with \(second.descriptor.name)"
    self.descriptor = descriptor
  }

  /// Whether both support the operation.
  public func supports(_ operation: Operation, _ dtype: DType) -> Bool {
    first.supports(operation, dtype) && second.supports(operation, dtype)
  }

  /// A buffer of each.
  public func allocate(byteCount: Int) -> BufferID {
    let pair = BufferPair(
      first: first.allocate(byteCount: byteCount), second: second.allocate(byteCount: byteCount))
    return state.withLock { state in
      state.lastID += 1
      let buffer = BufferID(rawValue: state.lastID)
      state.buffers[buffer] = pair
      return buffer
    }
  }

  /// Gives both buffers back.
  public func release(_ buffer: BufferID) {
    let pair = state.withLock { $0.buffers.removeValue(forKey: buffer) }
    guard let pair else { trap("release of an unknown buffer: \(buffer.rawValue)") }
    first.release(pair.first)
    second.release(pair.second)
  }

  /// Copies bytes into both buffers.
  public func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
    guard failure == nil else { return }
    var pair = pair(of: buffer)
    first.upload(bytes, to: pair.first)
    second.upload(bytes, to: pair.second)
    pair.equalByteCount = max(pair.equalByteCount, bytes.count)
    state.withLock { $0.buffers[buffer] = pair }
  }

  /// Executes an instruction on both, and tells the observer.
  public func submit(_ instruction: Instruction) {
    guard failure == nil else { return }
    do throws(BackendError) {
      try execute(instruction)
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
  }

  /// Copies out what the first backend's buffer holds.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    if let failure { throw failure }
    do throws(BackendError) {
      try first.download(pair(of: buffer).first, into: bytes)
    } catch {
      throw fail(error, of: .first)
    }
  }

  /// Copies out what the second backend's buffer holds on its own stream.
  public func downloadSecond(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    if let failure { throw failure }
    do throws(BackendError) {
      try second.download(pair(of: buffer).second, into: bytes)
    } catch {
      throw fail(error, of: .second)
    }
  }

  /// An operand's elements on the second backend's own stream.
  package func secondValue(of operand: Operand) throws(BackendError) -> TensorValue {
    if let failure { throw failure }
    return try value(of: Operand(pair(of: operand.buffer).second, operand.spec), on: .second)
  }

  /// Waits for both.
  public func synchronize() throws(BackendError) {
    if let failure { throw failure }
    for side in LockstepSide.allCases {
      do throws(BackendError) {
        try backend(of: side).synchronize()
      } catch {
        throw fail(error, of: side)
      }
    }
  }

  /// The first failure, which says whose it is.
  private var failure: BackendError? { state.withLock { $0.failure } }

  /// Keeps a failure, unless there was one before, and gives back the one that is kept.
  private func fail(_ error: BackendError, of side: LockstepSide) -> BackendError {
    let name = "the \(side.rawValue) backend (\(backend(of: side).descriptor.name))"
    return state.withLock { state in
      let kept = state.failure ?? .ofBackend(name, error)
      state.failure = kept
      return kept
    }
  }

  private func backend(of side: LockstepSide) -> any Backend { side == .first ? first : second }

  private func pair(of buffer: BufferID) -> BufferPair {
    guard let pair = state.withLock({ $0.buffers[buffer] }) else {
      trap("use of an unknown buffer: \(buffer.rawValue)")
    }
    return pair
  }
}

// One instruction.
extension LockstepBackend {
  private func execute(_ instruction: Instruction) throws(BackendError) {
    let pairs = PairedInstruction(instruction) { pair(of: $0) }
    let index = state.withLock { state in
      defer { state.instructionCount += 1 }
      return state.instructionCount
    }
    // What is read later may have been overwritten by then.
    let source = LockstepExecution.Source(pairs) { [self] (operand, side) throws(BackendError) in
      try value(of: operand, on: side)
    }
    if !pairs.hasEqualInputs || pairs.overwritesInputs { try source.readInputs() }

    // The worker of an emulated second backend computes while the first one does.
    second.submit(pairs.second)
    let aside = try source.hasEqualInputs ? nil : submitAside(instruction, pairs, source)
    defer { for buffer in aside?.buffers ?? [] { second.release(buffer) } }
    first.submit(pairs.first)

    let outputs = try values(of: pairs.first.outputs, on: .first)
    let own = try values(of: pairs.second.outputs, on: .second)
    let fromFirst = if let aside { try values(of: aside.outputs, on: .second) } else { own }
    note(instruction, outputs, own)
    try observer?.observe(
      LockstepExecution(
        index: index, instruction: instruction, outputs: outputs, secondOutputs: fromFirst,
        ownOutputs: own, source: source))
  }

  /// Executes the instruction on the second backend with the first one's inputs, into fresh buffers.
  private func submitAside(
    _ instruction: Instruction, _ pairs: PairedInstruction, _ source: LockstepExecution.Source
  ) throws(BackendError) -> (outputs: [Operand], buffers: [BufferID]) {
    var buffers: [BufferID] = []
    func scratch(_ spec: TensorSpec) -> Operand {
      let buffer = second.allocate(byteCount: spec.byteCount)
      buffers.append(buffer)
      return Operand(buffer, spec)
    }
    let inputs = try source.inputs
    let own = try source.ownInputs
    var aside = pairs.second
    for index in inputs.indices where inputs[index] != own[index] || pairs.overwritesInputs {
      aside.inputs[index] = scratch(inputs[index].spec)
      second.write(inputs[index], to: aside.inputs[index])
    }
    aside.outputs = instruction.outputs.map { scratch($0.spec) }
    second.submit(aside)
    return (aside.outputs, buffers)
  }

  /// Remembers which buffers are the same on both.
  private func note(_ instruction: Instruction, _ outputs: [TensorValue], _ own: [TensorValue]) {
    state.withLock { state in
      for (index, operand) in instruction.outputs.enumerated() {
        let isEqual = outputs[index].bytes == own[index].bytes
        let before = state.buffers[operand.buffer]?.equalByteCount ?? 0
        state.buffers[operand.buffer]?.equalByteCount = isEqual ? max(before, operand.spec.byteCount) : 0
      }
    }
  }

  private func values(
    of operands: [Operand], on side: LockstepSide
  ) throws(BackendError) -> [TensorValue] {
    var values: [TensorValue] = []
    for operand in operands { values.append(try value(of: operand, on: side)) }
    return values
  }

  private func value(of operand: Operand, on side: LockstepSide) throws(BackendError) -> TensorValue {
    do throws(BackendError) {
      return try backend(of: side).value(of: operand)
    } catch {
      throw fail(error, of: side)
    }
  }
}
