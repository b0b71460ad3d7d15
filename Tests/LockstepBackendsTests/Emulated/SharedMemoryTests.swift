import CLockstepLink
@testable import LockstepBackends
import LockstepCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Memory shared with a worker")
struct SharedMemoryTests {
  @Test("an upload to a block that a waiting command reads does not reach that command")
  func reuse() throws {
    let backend = try EmulatedBackend(translator: .none, threads: 1)
    let size = 600
    let ones = backend.makeOnes(size: size)
    let spec = TensorSpec([size, size], .float32)
    var sums: [BufferID] = []
    for round in 0..<40 {
      // Something slow first, so that what follows waits in the ring while its input is released and replaced.
      backend.release(backend.submitProduct(size: size, ones, ones))
      let input = backend.makeBuffer([Float](repeating: Float(round), count: size * size))
      let sum = backend.allocate(byteCount: 4)
      backend.submit(
        Instruction(
          .reduce(.max, axes: [0, 1]), inputs: [Operand(input, spec)],
          outputs: [Operand(sum, TensorSpec([], .float32))]))
      backend.release(input)
      sums.append(sum)
    }
    for (round, sum) in sums.enumerated() {
      let bytes = try backend.contents(of: sum, byteCount: 4)
      #expect(bytes.withUnsafeBytes { $0.load(as: Float.self) } == Float(round))
    }
  }

  @Test("a download waits for the instructions that write the buffer, not for those behind them")
  func download() throws {
    let backend = try EmulatedBackend(translator: .none, threads: 1)
    let ones = backend.makeOnes(size: 600)
    let first = backend.submitProduct(size: 600, ones, ones)
    _ = try backend.contents(of: first, byteCount: 4)
    for _ in 0..<20 { backend.submitProduct(size: 600, ones, ones) }
    let clock = ContinuousClock()
    let early = try clock.measure { _ = try backend.contents(of: first, byteCount: 4) }
    let all = try clock.measure { try backend.synchronize() }
    #expect(early < all)
  }

  @Test("big buffers have segments of their own, which go back to the system")
  func bigBuffers() throws {
    let backend = try EmulatedBackend(translator: .none, threads: 1)
    let process = backend.workerProcess
    for megabytes in [300, 500, 300] {
      let buffer = backend.allocate(byteCount: megabytes << 20)
      [UInt8]([1, 2, 3]).withUnsafeBytes { backend.upload($0, to: buffer) }
      #expect(try backend.contents(of: buffer, byteCount: 3) == [1, 2, 3])
      try backend.synchronize()
      #expect(try segments(of: process) == 1)
      backend.release(buffer)
    }
  }

  @Test("a worker of another protocol is refused with both versions")
  func protocolVersion() throws {
    let worker = WorkerLocation(path: "/bin/sh")
    var launch = try WorkerLaunch(worker, translator: .none, profile: .rosetta2Launch, threads: 1)
    launch.arguments = [
      "sh", "-c",
      #"printf '\377\0\0\0\20\0\0\0' | dd of=/proc/self/fd/3 bs=1 seek=64 conv=notrunc; exit 3"#,
    ]
    let error = #expect(throws: BackendError.self) {
      try EmulatedBackend(
        launch, translator: .none, profile: .rosetta2Launch, threads: 1, watchdog: Watchdog(rate: 1e9))
    }
    let own = lk_link_own_protocol()
    #expect(
      error
        == .handshakeMismatch(
          what: "protocol", expected: "version \(own.version) with commands of \(own.command_size) bytes",
          found: "version 255 with commands of 16 bytes"))
  }

  @Test("the ring carries many more commands than it has slots")
  func longQueues() throws {
    let backend = try EmulatedBackend(translator: .none, threads: 1)
    let spec = TensorSpec([16], .float32)
    let one = backend.makeBuffer([Float](repeating: 1, count: 16))
    var sum = backend.makeBuffer([Float](repeating: 0, count: 16))
    for _ in 0..<20_000 {
      let next = backend.allocate(byteCount: 64)
      backend.submit(
        Instruction(
          .binary(.add), inputs: [Operand(sum, spec), Operand(one, spec)], outputs: [Operand(next, spec)]))
      backend.release(sum)
      sum = next
    }
    let bytes = try backend.contents(of: sum, byteCount: 64)
    let elements = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(elements == [Float](repeating: 20_000, count: 16))
  }

  /// How many windows of the data file a process has mapped.
  private func segments(of process: pid_t) throws -> Int {
    let map = try #require(fopen("/proc/\(process)/maps", "r"))
    defer { fclose(map) }
    var line = [CChar](repeating: 0, count: 4096)
    var count = 0
    while fgets(&line, Int32(line.count), map) != nil {
      if strstr(line, "memfd:lockstep-data") != nil { count += 1 }
    }
    return count
  }
}
