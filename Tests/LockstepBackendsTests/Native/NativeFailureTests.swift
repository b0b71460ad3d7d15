import COpenBLAS
import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Failures of the native backend")
struct NativeFailureTests {
  @Test("a buffer that can't be had is an error that stays", arguments: [1 << 60, Int.max])
  func outOfMemory(_ byteCount: Int) throws {
    let backend = try NativeBackend(threads: 1)
    let missing = backend.allocate(byteCount: byteCount)
    let expected = BackendError.outOfMemory(byteCount: byteCount)
    #expect(throws: expected) { try backend.synchronize() }

    // What comes after is ignored, and the first failure is the one that is thrown.
    let late = backend.allocate(byteCount: 64)
    [UInt8](repeating: 1, count: 64).withUnsafeBytes { backend.upload($0, to: late) }
    backend.submit(
      Instruction(
        .unary(.relu), inputs: [Operand(missing, TensorSpec([16], .float32))],
        outputs: [Operand(late, TensorSpec([16], .float32))]))
    _ = backend.allocate(byteCount: (1 << 60) + 1)
    backend.release(missing)
    backend.release(late)
    #expect(throws: expected) { try backend.synchronize() }
  }

  #if os(Linux)
    @Test("without memory for OpenBLAS there is no backend, rather than one that hangs in its first product")
    func outOfMemoryAtTheStart() async {
      await #expect(processExitsWith: .success) {
        try limitAddressSpace(toFurther: 64 << 20)
        #expect(throws: NativeBackendError.cannotStart(threads: 1)) { try NativeBackend(threads: 1) }
      }
    }

    @Test("scratch memory that can't be had is an error that says how much")
    func outOfScratchMemory() async {
      await #expect(processExitsWith: .success) {
        let backend = try NativeBackend(threads: 1)
        // The weight turned by 180° is 72 MiB, more than malloc has reserved for a thread; all else is small.
        let weight = TensorSpec([3, 3, 2048, 1024], .float32)
        let specs = [TensorSpec([1, 1, 1, 1024], .float32), weight, TensorSpec([1, 1, 1, 2048], .float32)]
        let operands = specs.map { Operand(backend.allocate(byteCount: $0.byteCount), $0) }
        try backend.synchronize()
        try limitAddressSpace(toFurther: 4 << 20)
        let padding = EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)
        let gradient = Operation.conv2DInputGradient(
          Convolution(WindowGeometry(padding: padding)), height: 1, width: 1)
        backend.submit(Instruction(gradient, inputs: Array(operands[..<2]), outputs: [operands[2]]))
        #expect(throws: BackendError.outOfMemory(byteCount: weight.byteCount)) {
          try backend.synchronize()
        }
      }
    }
  #endif

  @Test("an operation without kernel for a dtype is refused by name")
  func unsupported() throws {
    let backend = try NativeBackend(threads: 1)
    let spec = TensorSpec([2, 2], .int32)
    let operands = (0..<3).map { _ in Operand(backend.allocate(byteCount: spec.byteCount), spec) }
    #expect(!backend.supports(.matmul(Matmul()), .int32))
    backend.submit(
      Instruction(.matmul(Matmul()), inputs: [operands[0], operands[1]], outputs: [operands[2]]))
    #expect(throws: BackendError.unsupported(operation: "matmul", dtype: .int32, backend: "native")) {
      try backend.synchronize()
    }
  }

  @Test("positions outside of the image are refused where they would be read or written")
  func positions() throws {
    let pooling = Pooling(kernel: 2, WindowGeometry(stride: 1))
    let gradient = TensorValue(TensorSpec([1, 2, 2, 1], .float32), reals: [1, 2, 3, 4])
    let image = TensorValue(TensorSpec([1, 3, 3, 1], .float32), reals: (0..<9).map { Double($0) })
    for wrong in [-1, 9] as [Int64] {
      let positions = TensorValue(TensorSpec([1, 2, 2, 1], .int32), integers: [0, 1, wrong, 4])
      #expect(throws: BackendError.indexOutOfRange(operation: "maxPool2DGradient", origin: Origin())) {
        try NativeBackend(threads: 1).outputs(
          of: .maxPool2DGradient(pooling, height: 3, width: 3), [gradient, positions])
      }
      #expect(throws: BackendError.indexOutOfRange(operation: "maxPool2DGather", origin: Origin())) {
        try NativeBackend(threads: 1).outputs(of: .maxPool2DGather(pooling), [image, positions])
      }
    }
  }

  @Test("a buffer used after its release ends the program with a message")
  func useAfterRelease() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let backend = try NativeBackend(threads: 1)
      let buffer = backend.allocate(byteCount: 64)
      backend.release(buffer)
      _ = backend.allocate(byteCount: 64)
      [UInt8](repeating: 1, count: 64).withUnsafeBytes { backend.upload($0, to: buffer) }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("a buffer was used after it was released"))
  }
}

#if os(Linux)
  /// Lets the process map only this many bytes more.
  ///
  /// OpenBLAS's own threads take their buffers as they start, and would ask for ever if they were refused: a
  /// product that needs all of them shows that they have.
  private func limitAddressSpace(toFurther byteCount: UInt) throws {
    openblas_set_num_threads(openblas_get_num_procs())
    defer { openblas_set_num_threads(1) }
    let size = 512
    let ones = [Float](repeating: 1, count: size * size)
    var product = ones
    let (order, size32) = (CblasRowMajor, blasint(size))
    cblas_sgemm(
      order, CblasNoTrans, CblasNoTrans, size32, size32, size32, 1, ones, size32, ones, size32, 0, &product,
      size32)
    try #require(product[0] == Float(size))
    let file = try #require(fopen("/proc/self/statm", "r"))
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    try #require(fgets(&line, 256, file) != nil)
    let pages = strtoul(line, nil, 10)
    let used = pages * UInt(sysconf(Int32(_SC_PAGESIZE)))
    var limit = rlimit(rlim_cur: used + byteCount, rlim_max: used + byteCount)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
  }
#endif
