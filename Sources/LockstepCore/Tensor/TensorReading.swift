extension Tensor {
  /// The elements in row-major order, once they are computed.
  ///
  /// Traps if `Element` is not the tensor's type; convert with ``asType(_:file:line:)`` first.
  /// - Throws: the first failure of the device's environment.
  public func scalars<Element: TensorElement>(
    as type: Element.Type, file: StaticString = #fileID, line: UInt = #line
  ) throws(BackendError) -> [Element] {
    trap(
      unless: Element.dtype == dtype,
      "the tensor is \(dtype), not \(Element.dtype); convert it with asType(_:)",
      file: file, line: line)
    let device = self.device
    let buffer = storage.buffer
    var failure: BackendError?
    let values = [Element](unsafeUninitializedCapacity: count) { destination, initializedCount in
      do throws(BackendError) {
        try device.download(buffer, into: UnsafeMutableRawBufferPointer(destination))
        initializedCount = destination.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  /// The elements' bytes in row-major order and the host's byte order, once they are computed.
  public func bytes() throws(BackendError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: spec.byteCount)
    let device = self.device
    let buffer = storage.buffer
    var failure: BackendError?
    bytes.withUnsafeMutableBytes { destination in
      do throws(BackendError) {
        try device.download(buffer, into: destination)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The only element, as a `Double`; int64 values over 2⁵³ are rounded. Traps if there is not exactly one.
  public func item(file: StaticString = #fileID, line: UInt = #line) throws(BackendError) -> Double {
    trap(
      unless: count == 1, "item() needs exactly one element, the shape is \(shape)", file: file, line: line)
    switch dtype {
    case .float32: return Double(try scalars(as: Float.self)[0])
    case .float64: return try scalars(as: Double.self)[0]
    case .int64: return Double(try scalars(as: Int64.self)[0])
    case .int32: return Double(try scalars(as: Int32.self)[0])
    case .uint8: return Double(try scalars(as: UInt8.self)[0])
    case .bool: return try scalars(as: Bool.self)[0] ? 1 : 0
    }
  }
}
