public import LockstepCore

extension Conformance {
  /// What the `Backend` protocol promises beside arithmetic: memory, order, and long queues.
  public static func checkProtocol(of backend: any Backend) -> ConformanceReport {
    var report = ConformanceReport(backend: backend.descriptor)
    let checks: [(name: String, problem: (any Backend) throws(BackendError) -> String?)] = [
      ("bytes come back as they were", ProtocolChecks.roundTrip),
      ("a short upload leaves the rest alone", ProtocolChecks.partialUpload),
      ("buffers do not share memory", ProtocolChecks.manyBuffers),
      ("uploads and instructions take effect in order", ProtocolChecks.order),
      ("a released buffer serves the instructions before it", ProtocolChecks.earlyRelease),
      ("long queues keep their order", ProtocolChecks.longQueue),
      ("a step over what it reads is the step beside it", ProtocolChecks.inPlace),
    ]
    for check in checks {
      report.caseCount += 1
      do throws(BackendError) {
        if let problem = try check.problem(backend) { report.fail(check.name, problem) }
        try backend.synchronize()
      } catch {
        report.fail(check.name, "failed: \(error)")
      }
    }
    return report
  }
}

/// Each gives what is wrong, or nil.
private enum ProtocolChecks {
  static func roundTrip(_ backend: any Backend) throws(BackendError) -> String? {
    for count in [0, 1, 63, 64, 65, 4097, 70_001] {
      let bytes = pattern(count, seed: count)
      let buffer = upload(bytes, to: backend)
      defer { backend.release(buffer) }
      guard try backend.bytes(of: buffer, count: count) == bytes else { return "\(count) bytes changed" }
      guard try backend.bytes(of: buffer, count: count / 2) == Array(bytes.prefix(count / 2)) else {
        return "the first half of \(count) bytes changed"
      }
    }
    return nil
  }

  static func partialUpload(_ backend: any Backend) throws(BackendError) -> String? {
    let buffer = upload(pattern(100, seed: 1), to: backend)
    defer { backend.release(buffer) }
    pattern(10, seed: 2).withUnsafeBytes { backend.upload($0, to: buffer) }
    let wanted = pattern(10, seed: 2) + pattern(100, seed: 1).dropFirst(10)
    return try backend.bytes(of: buffer, count: 100) == wanted ? nil : "other bytes changed"
  }

  static func manyBuffers(_ backend: any Backend) throws(BackendError) -> String? {
    let buffers = (0..<300).map { upload(pattern($0, seed: $0), to: backend) }
    defer { for buffer in buffers { backend.release(buffer) } }
    guard Set(buffers).count == buffers.count else { return "two buffers have one number" }
    for (count, buffer) in buffers.enumerated() {
      guard try backend.bytes(of: buffer, count: count) == pattern(count, seed: count) else {
        return "buffer \(count) of 300 changed"
      }
    }
    return nil
  }

  /// y ← −x, then x is overwritten, then z ← −x.
  static func order(_ backend: any Backend) throws(BackendError) -> String? {
    let x = upload([1, 2, 3, 4], to: backend)
    let (y, z) = (backend.allocate(byteCount: 4), backend.allocate(byteCount: 4))
    defer { for buffer in [x, y, z] { backend.release(buffer) } }
    backend.submit(negate(x, into: y))
    [UInt8]([5, 6, 7, 8]).withUnsafeBytes { backend.upload($0, to: x) }
    backend.submit(negate(x, into: z))
    let results = [try backend.bytes(of: y, count: 4), try backend.bytes(of: z, count: 4)]
    return results == [[255, 254, 253, 252], [251, 250, 249, 248]] ? nil : "the results are \(results)"
  }

  static func earlyRelease(_ backend: any Backend) throws(BackendError) -> String? {
    let x = upload([1, 2, 3, 4], to: backend)
    let y = backend.allocate(byteCount: 4)
    backend.submit(negate(x, into: y))
    backend.release(x)
    // Likely to get the memory just given back.
    let next = upload([9, 9, 9, 9], to: backend)
    defer { for buffer in [y, next] { backend.release(buffer) } }
    let result = try backend.bytes(of: y, count: 4)
    return result == [255, 254, 253, 252] ? nil : "the result is \(result)"
  }

  /// A thousand additions of one, each to the sum before it.
  static func longQueue(_ backend: any Backend) throws(BackendError) -> String? {
    let spec = TensorSpec([1], .int64)
    let one = upload([1] + [UInt8](repeating: 0, count: 7), to: backend)
    defer { backend.release(one) }
    var sum = upload([UInt8](repeating: 0, count: 8), to: backend)
    for _ in 0..<1000 {
      let next = backend.allocate(byteCount: 8)
      backend.submit(
        Instruction(
          .binary(.add), inputs: [Operand(sum, spec), Operand(one, spec)], outputs: [Operand(next, spec)]))
      backend.release(sum)
      sum = next
    }
    defer { backend.release(sum) }
    let result = TensorValue(spec, bytes: try backend.bytes(of: sum, count: 8)).integers[0]
    return result == 1000 ? nil : "1000 additions of 1 give \(result)"
  }

  /// Steps of optimizers whose results take the place of operands have the bits of those that don't.
  static func inPlace(_ backend: any Backend) throws(BackendError) -> String? {
    guard backend.updatesInPlace else { return nil }
    let sgd = SGDStep(learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, nesterov: true)
    let adam = AdamStep(learningRate: 0.1, weightDecay: 0.01, step: 3)
    for dtype in [DType.float32, .float64] {
      // The last has more than one task, and no whole number of vectors.
      for count in [1, 19, 100_003] {
        let spec = TensorSpec([count], dtype)
        if let problem = try inPlace(.sgd(sgd), inputCount: 3, spec, backend) { return problem }
        if let problem = try inPlace(.adam(adam), inputCount: 4, spec, backend) { return problem }
      }
    }
    return nil
  }

  private static func inPlace(
    _ operation: Operation, inputCount: Int, _ spec: TensorSpec, _ backend: any Backend
  ) throws(BackendError) -> String? {
    guard backend.supports(operation, spec.dtype) else { return nil }
    var inputs: [Operand] = []
    for seed in 0..<inputCount {
      // Positive, since the last operand of Adam is a mean of squares.
      let reals = (0..<spec.shape.count).map { index in Double((index * 31 + seed * 7) % 97 + 1) / 97 }
      inputs.append(Operand(upload(TensorValue(spec, reals: reals).bytes, to: backend), spec))
    }
    let targets = [inputs[0]] + inputs[2...]
    let apart = targets.map { _ in Operand(backend.allocate(byteCount: spec.byteCount), spec) }
    defer { for operand in inputs + apart { backend.release(operand.buffer) } }
    backend.submit(Instruction(operation, inputs: inputs, outputs: apart))
    backend.submit(Instruction(operation, inputs: inputs, outputs: targets))
    for (target, new) in zip(targets, apart) {
      let wanted = try backend.bytes(of: new.buffer, count: spec.byteCount)
      guard try backend.bytes(of: target.buffer, count: spec.byteCount) == wanted else {
        return "\(operation.name) of \(spec) differs"
      }
    }
    return nil
  }

  private static func negate(_ x: BufferID, into y: BufferID) -> Instruction {
    let spec = TensorSpec([4], .uint8)
    return Instruction(.unary(.negate), inputs: [Operand(x, spec)], outputs: [Operand(y, spec)])
  }

  private static func upload(_ bytes: [UInt8], to backend: any Backend) -> BufferID {
    let buffer = backend.allocate(byteCount: bytes.count)
    bytes.withUnsafeBytes { backend.upload($0, to: buffer) }
    return buffer
  }

  private static func pattern(_ count: Int, seed: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed &* 7) }
  }
}
