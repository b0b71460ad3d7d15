import LockstepCore
import Synchronization

@testable import LockstepBackends

/// A backend whose results of one operation are one unit in the last place too large in the first element, and
/// which counts its buffers.
final class PerturbingBackend: BackendDecorator {
  let inner: any Backend
  let bufferCount = Atomic(0)
  private let operation: String

  init(_ operation: String, _ inner: any Backend = ReferenceBackend()) {
    self.inner = inner
    self.operation = operation
  }

  func allocate(byteCount: Int) -> BufferID {
    bufferCount.add(1, ordering: .relaxed)
    return inner.allocate(byteCount: byteCount)
  }

  func release(_ buffer: BufferID) {
    bufferCount.subtract(1, ordering: .relaxed)
    inner.release(buffer)
  }

  func submit(_ instruction: Instruction) {
    inner.submit(instruction)
    guard instruction.operation.name == operation, let value = try? inner.value(of: instruction.outputs[0])
    else { return }
    var reals = value.reals
    reals[0] = Double(Float(reals[0]).nextUp)
    inner.write(TensorValue(value.spec, reals: reals), to: instruction.outputs[0])
  }
}

/// A backend that fails at the first download.
final class FailingBackend: BackendDecorator {
  let inner: any Backend = ReferenceBackend()

  func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    throw .outOfMemory(byteCount: 77)
  }
}

/// Keeps what a lockstep backend tells, with both sides' inputs.
final class LockstepRecorder: LockstepObserver {
  struct Entry: Sendable {
    let index: Int
    let operation: String
    let hasEqualInputs: Bool
    let inputs: [TensorValue]
    let ownInputs: [TensorValue]
    let outputs: [TensorValue]
    let secondOutputs: [TensorValue]
    let ownOutputs: [TensorValue]
  }

  private let kept = Mutex<[Entry]>([])

  var entries: [Entry] { kept.withLock { $0 } }

  func observe(_ execution: LockstepExecution) throws(BackendError) {
    let entry = Entry(
      index: execution.index, operation: execution.instruction.operation.name,
      hasEqualInputs: try execution.hasEqualInputs, inputs: try execution.inputs,
      ownInputs: try execution.ownInputs, outputs: execution.outputs,
      secondOutputs: execution.secondOutputs, ownOutputs: execution.ownOutputs)
    kept.withLock { $0.append(entry) }
  }
}
