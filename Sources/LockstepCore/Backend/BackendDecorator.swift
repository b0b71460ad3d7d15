/// A backend that passes everything on to another, but for what it implements itself.
///
/// A decorator of ``Backend/submit(_:)`` sees each instruction before or after it is executed:
/// ```swift
/// final class Counting: BackendDecorator {
///   let inner: any Backend
///   let count = Atomic(0)
///   init(_ inner: any Backend) { self.inner = inner }
///   func submit(_ instruction: Instruction) {
///     count.add(1, ordering: .relaxed)
///     inner.submit(instruction)
///   }
/// }
/// ```
public protocol BackendDecorator: Backend {
  /// Who does the work.
  var inner: any Backend { get }
}

extension BackendDecorator {
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

  /// Passed on.
  public func submit(_ instruction: Instruction) { inner.submit(instruction) }

  /// Passed on.
  public func download(
    _ buffer: BufferID, into bytes: UnsafeMutableRawBufferPointer
  ) throws(BackendError) {
    try inner.download(buffer, into: bytes)
  }

  /// Passed on.
  public func synchronize() throws(BackendError) { try inner.synchronize() }
}
