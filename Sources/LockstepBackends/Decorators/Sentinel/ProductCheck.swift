import CLockstepKernels
import LockstepCore

/// A backend whose memory this process can read where it lies.
protocol HostReadableBackend: Backend {
  /// Where operands are, once the instructions that write them are done; until something else is asked of the
  /// backend.
  func locations(of operands: [Operand]) throws(BackendError) -> [MemoryLocation]
}

/// Freivalds' check of sums of products, with other random signs for every instruction.
struct ProductCheck: ~Copyable {
  /// What the signs are a function of, with the number of the instruction.
  let seed: UInt64
  /// Threads and scratch memory for results of backends that have none to lend; made when first needed.
  private var context: OpaquePointer?

  init(seed: UInt64) { self.seed = seed }

  deinit { lk_context_destroy(context) }

  /// Checks an instruction that was submitted; nil where there is no check for it.
  mutating func check(
    _ instruction: Instruction, index: UInt64, on backend: any Backend
  ) throws(BackendError) -> ResultCheck? {
    var shapes = instruction.encoded { _ in nil }
    let count = lk_check_sign_count(&shapes)
    guard count > 0 else { return nil }
    var random = RandomStream(seed: seed, purpose: .check, index: index)
    let signs = random.signs(Int(count))
    // A faulty backend leaves memory to the one that computes.
    let source = (backend as? FaultInjectingBackend)?.inner ?? backend
    let result =
      switch source {
      case let native as NativeBackend: try native.check(instruction, signs: signs)
      case let readable as any HostReadableBackend: try checkInPlace(instruction, readable, signs)
      default: try checkCopies(instruction, source, signs)
      }
    guard result.isDone else { throw .outOfMemory(byteCount: instruction.outputs[0].spec.byteCount) }
    return result
  }

  private mutating func checkInPlace(
    _ instruction: Instruction, _ backend: any HostReadableBackend, _ signs: [Double]
  ) throws(BackendError) -> ResultCheck {
    let operands = instruction.inputs + instruction.outputs
    let locations = try backend.locations(of: operands)
    let memory = Dictionary(zip(operands.map(\.buffer), locations)) { first, _ in first }
    var encoded = instruction.encoded { memory[$0]?.bytes.baseAddress }
    return ResultCheck(&encoded, signs: signs, try ownContext())
  }

  private mutating func checkCopies(
    _ instruction: Instruction, _ backend: any Backend, _ signs: [Double]
  ) throws(BackendError) -> ResultCheck {
    var memory: [BufferID: UnsafeMutableRawBufferPointer] = [:]
    defer { for bytes in memory.values { bytes.deallocate() } }
    for operand in instruction.inputs + instruction.outputs where memory[operand.buffer] == nil {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: operand.spec.byteCount, alignment: 64)
      memory[operand.buffer] = bytes
      try backend.download(operand.buffer, into: bytes)
    }
    var encoded = instruction.encoded { memory[$0]?.baseAddress }
    return ResultCheck(&encoded, signs: signs, try ownContext())
  }

  private mutating func ownContext() throws(BackendError) -> OpaquePointer? {
    if context == nil { context = lk_context_create(lk_available_processors(), lk_isa_best()) }
    guard context != nil else { throw .outOfMemory(byteCount: 0) }
    return context
  }
}

extension RandomStream {
  /// 1 or −1, each as likely.
  fileprivate mutating func signs(_ count: Int) -> [Double] {
    var bits: UInt32 = 0
    return (0..<count).map { index in
      if index.isMultiple(of: 32) { bits = next() }
      return bits >> UInt32(index % 32) & 1 == 0 ? 1 : -1
    }
  }
}
