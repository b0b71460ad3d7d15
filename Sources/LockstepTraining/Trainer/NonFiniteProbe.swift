public import LockstepCore
import Synchronization

/// A backend that passes everything on to another, and remembers the first result that holds a NaN or an
/// infinity.
public final class NonFiniteProbe: Backend {
  /// A result that is not finite.
  public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// What computed it.
    public let operation: String
    /// Where in the model.
    public let origin: Origin
    /// Its shape and dtype.
    public let spec: TensorSpec
    /// How many of its elements are not finite.
    public let count: Int

    /// One phrase: operation, place, shape, share.
    public var description: String {
      let place = "\(origin)".isEmpty ? "" : " in \(origin)"
      return "the output of \(operation)\(place), \(spec), \(count) of \(spec.shape.count) elements"
    }
  }

  private let inner: any Backend
  private let found = Mutex<Finding?>(nil)

  /// Creates a probe around a backend.
  public init(_ inner: any Backend) { self.inner = inner }

  /// The first result that is not finite, if there was one.
  public var finding: Finding? { found.withLock { $0 } }

  /// The inner backend's.
  public var descriptor: BackendDescriptor { inner.descriptor }

  /// What the inner backend supports.
  public func supports(_ operation: Operation, _ dtype: DType) -> Bool { inner.supports(operation, dtype) }

  /// Passed on.
  public func allocate(byteCount: Int) -> BufferID { inner.allocate(byteCount: byteCount) }

  /// Passed on.
  public func release(_ buffer: BufferID) { inner.release(buffer) }

  /// Passed on.
  public func upload(_ bytes: UnsafeRawBufferPointer, to buffer: BufferID) {
    inner.upload(bytes, to: buffer)
  }

  /// Passes the instruction on, and looks at its results until the first that is not finite.
  public func submit(_ instruction: Instruction) {
    inner.submit(instruction)
    guard finding == nil else { return }
    for output in instruction.outputs {
      let count = nonFiniteCount(output)
      guard count > 0 else { continue }
      let finding = Finding(
        operation: instruction.operation.name, origin: instruction.origin, spec: output.spec, count: count)
      found.withLock { $0 = finding }
      return
    }
  }

  /// Passed on.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    try inner.download(buffer, into: bytes)
  }

  /// Passed on.
  public func synchronize() throws(BackendError) { try inner.synchronize() }

  /// How many elements of a result are not finite; a failed download leaves that to whoever reads it next.
  private func nonFiniteCount(_ operand: Operand) -> Int {
    switch operand.spec.dtype {
    case .float32: count(operand, of: Float.self)
    case .float64: count(operand, of: Double.self)
    case .int64, .int32, .uint8, .bool: 0
    }
  }

  private func count<Element: BinaryFloatingPoint>(_ operand: Operand, of type: Element.Type) -> Int {
    var values = [Element](repeating: 0, count: operand.spec.shape.count)
    let isRead = values.withUnsafeMutableBytes { (try? inner.download(operand.buffer, into: $0)) != nil }
    return isRead ? values.lazy.filter { !$0.isFinite }.count : 0
  }
}
