extension Backend {
  /// A buffer's first bytes, once they are computed.
  package func bytes(of buffer: BufferID, count: Int) throws(BackendError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: BackendError?
    bytes.withUnsafeMutableBytes { destination in
      do throws(BackendError) {
        try download(buffer, into: destination)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// An operand's elements, once they are computed: what a decorator that computes itself reads.
  public func value(of operand: Operand) throws(BackendError) -> TensorValue {
    TensorValue(operand.spec, bytes: try bytes(of: operand.buffer, count: operand.spec.byteCount))
  }

  /// Replaces an operand's elements. Traps if the value has another specification.
  public func write(_ value: TensorValue, to operand: Operand) {
    trap(unless: value.spec == operand.spec, "\(value.spec) does not fit \(operand.spec)")
    value.bytes.withUnsafeBytes { upload($0, to: operand.buffer) }
  }
}
