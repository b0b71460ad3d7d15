import LockstepCore

extension Backend {
  /// A new buffer with these bytes.
  func makeBuffer(_ bytes: [UInt8]) -> BufferID {
    let buffer = allocate(byteCount: bytes.count)
    bytes.withUnsafeBytes { upload($0, to: buffer) }
    return buffer
  }

  /// A new buffer with these elements.
  func makeBuffer(_ elements: [Float]) -> BufferID {
    elements.withUnsafeBytes { makeBuffer(Array($0)) }
  }

  /// A buffer's first bytes.
  func contents(of buffer: BufferID, byteCount: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    try bytes.withUnsafeMutableBytes { try download(buffer, into: $0) }
    return bytes
  }

  /// Submits the product of two square matrices of ones, and gives the buffer of the result.
  @discardableResult
  func submitProduct(size: Int, _ a: BufferID, _ b: BufferID, origin: Origin = Origin()) -> BufferID {
    let spec = TensorSpec([size, size], .float32)
    let result = allocate(byteCount: spec.byteCount)
    submit(
      Instruction(
        .matmul(Matmul()), inputs: [Operand(a, spec), Operand(b, spec)], outputs: [Operand(result, spec)],
        origin: origin))
    return result
  }

  /// A square matrix of ones.
  func makeOnes(size: Int) -> BufferID { makeBuffer([Float](repeating: 1, count: size * size)) }
}
