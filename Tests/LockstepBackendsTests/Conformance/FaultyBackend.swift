import LockstepBackends
import LockstepCore
import Synchronization

/// The reference backend with one mistake: proof that the suite can fail.
final class FaultyBackend: Backend {
  enum Fault: CaseIterable, Sendable {
    /// The last element of the first output is off by a little.
    case nudgedElement
    /// The last element of the first output is not written.
    case unwrittenElement
    /// The first byte of the first input is overwritten.
    case modifiedInput
    /// The byte behind the first output is overwritten.
    case writtenBehind
    /// The last element is off by a little at every second call, and only then.
    case nondeterministic
  }

  let descriptor = BackendDescriptor(name: "faulty", architecture: "none", isaLevel: "none", threads: 1)
  private let fault: Fault
  private let isFaulty: @Sendable (Operation) -> Bool
  private let base = ReferenceBackend()
  private let sizes = Mutex<[BufferID: Int]>([:])
  private let calls = Mutex(0)

  /// Makes the mistake in operations that `isFaulty` picks.
  init(_ fault: Fault, in isFaulty: @escaping @Sendable (Operation) -> Bool = { _ in true }) {
    self.fault = fault
    self.isFaulty = isFaulty
  }

  func supports(_ operation: Operation, _ dtype: DType) -> Bool { base.supports(operation, dtype) }

  func allocate(byteCount: Int) -> BufferID {
    let buffer = base.allocate(byteCount: byteCount)
    sizes.withLock { $0[buffer] = byteCount }
    return buffer
  }

  func release(_ buffer: BufferID) { base.release(buffer) }

  func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) { base.upload(bytes, to: buffer) }

  func download(_ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer) throws(BackendError) {
    try base.download(buffer, into: bytes)
  }

  func synchronize() throws(BackendError) { try base.synchronize() }

  func submit(_ instruction: Instruction) {
    guard isFaulty(instruction.operation) else { return base.submit(instruction) }
    let call = calls.withLock { calls in
      calls += 1
      return calls
    }
    let output = instruction.outputs[0]
    let before = contents(of: output.buffer)
    base.submit(instruction)
    switch fault {
    case .nudgedElement: nudge(output)
    case .nondeterministic: if call.isMultiple(of: 2) { nudge(output) }
    case .unwrittenElement:
      change(output.buffer) { bytes in
        let range = lastElement(of: output.spec)
        bytes.replaceSubrange(range, with: before[range])
      }
    case .modifiedInput:
      guard let input = instruction.inputs.first, input.spec.byteCount > 0 else { return }
      change(input.buffer) { $0[0] ^= 1 }
    case .writtenBehind: change(output.buffer) { $0[output.spec.byteCount] ^= 1 }
    }
  }

  /// Moves the last element by a thousandth, or by one.
  private func nudge(_ output: Operand) {
    guard output.spec.shape.count > 0 else { return }
    change(output.buffer) { bytes in
      let start = lastElement(of: output.spec).lowerBound
      bytes.withUnsafeMutableBytes { raw in
        switch output.spec.dtype {
        case .float32:
          let value = raw.loadUnaligned(fromByteOffset: start, as: Float.self)
          raw.storeBytes(of: value * 1.001 + 1e-3, toByteOffset: start, as: Float.self)
        case .float64:
          let value = raw.loadUnaligned(fromByteOffset: start, as: Double.self)
          raw.storeBytes(of: value * 1.001 + 1e-3, toByteOffset: start, as: Double.self)
        default: raw[start] ^= 1
        }
      }
    }
  }

  private func lastElement(of spec: TensorSpec) -> Range<Int> {
    spec.shape.count == 0 ? 0..<0 : (spec.byteCount - spec.dtype.byteCount)..<spec.byteCount
  }

  private func change(_ buffer: BufferID, _ body: (inout [UInt8]) -> Void) {
    var bytes = contents(of: buffer)
    body(&bytes)
    bytes.withUnsafeBytes { base.upload($0, to: buffer) }
  }

  private func contents(of buffer: BufferID) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: sizes.withLock { $0[buffer] ?? 0 })
    bytes.withUnsafeMutableBytes { try? base.download(buffer, into: $0) }
    return bytes
  }
}
