import CLockstepLink
@testable import LockstepBackends
import LockstepCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Everything that can go wrong with a worker is an error of a type, in time, and leaves nothing behind.
@Suite("A worker that fails", .timeLimit(.minutes(10)))
struct WorkerFaultTests {
  private let origin = Origin(layer: "layers.3", phase: .backward)

  @Test("killed in the middle of a stream: within two seconds the operation and its layer are named")
  func killed() throws {
    let backend = try EmulatedBackend(translator: .none, threads: 1)
    let ones = backend.makeOnes(size: 1200)
    for _ in 0..<100 { backend.submitProduct(size: 1200, ones, ones, origin: origin) }
    kill(backend.workerProcess, SIGKILL)
    let start = ContinuousClock.now
    let expected = BackendError.workerExited(.signal(9), operation: "matmul", origin: origin, lastLines: [])
    #expect(throws: expected) { try backend.synchronize() }
    #expect(start.duration(to: .now) < .seconds(2))
    #expect(throws: expected) { try backend.contents(of: ones, byteCount: 4) }
  }

  @Test("killed under QEMU: the same")
  func killedUnderQEMU() throws {
    let backend = try EmulatedBackend(translator: .qemu, threads: 1)
    let ones = backend.makeOnes(size: 800)
    for _ in 0..<10 { backend.submitProduct(size: 800, ones, ones, origin: origin) }
    kill(backend.workerProcess, SIGKILL)
    let start = ContinuousClock.now
    let expected = BackendError.workerExited(.signal(9), operation: "matmul", origin: origin, lastLines: [])
    #expect(throws: expected) { try backend.synchronize() }
    #expect(start.duration(to: .now) < .seconds(2))
  }

  @Test("an instruction the CPU lacks: the message says so")
  func illegalInstruction() throws {
    // OpenBLAS is made to use AVX2 on a CPU without.
    let profile = CPUProfile(
      name: "broken", architecture: "x86_64", isaLevel: "x86-64-v2", blasCore: "Haswell",
      qemuModel: "Westmere", missingFeatures: [])
    let backend = try start(.qemu, profile) { $0.environment.append("OPENBLAS_CORETYPE=Haswell") }
    let ones = backend.makeOnes(size: 64)
    backend.submitProduct(size: 64, ones, ones, origin: origin)
    let error = #expect(throws: BackendError.self) { try backend.synchronize() }
    guard case .workerExited(.signal(4), "matmul", origin, _) = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect("\(error!)".contains("SIGILL: it met an instruction that the CPU shown to it does not have"))
  }

  @Test("a worker that hangs is ended, and the operation named")
  func hangs() throws {
    let backend = try start(.none, watchdog: "1")
    let process = backend.workerProcess
    let ones = backend.makeOnes(size: 64)
    try backend.synchronize()
    kill(process, SIGSTOP)
    backend.submitProduct(size: 64, ones, ones, origin: origin)
    #expect(throws: BackendError.workerHung(operation: "matmul", origin: origin, seconds: 1)) {
      try backend.synchronize()
    }
    #expect(try isGone(process, within: .seconds(2)))
  }

  @Test("a worker that is not what the profile promises is refused")
  func mismatch() {
    let claims = CPUProfile(
      name: "claims", architecture: "x86_64", isaLevel: CPUProfile.avx2.isaLevel,
      blasCore: CPUProfile.avx2.blasCore, qemuModel: "Westmere", missingFeatures: [])
    #expect(
      throws: BackendError.handshakeMismatch(
        what: "instruction-set level", expected: "x86-64-v3", found: "x86-64-v2")
    ) { try EmulatedBackend(translator: .qemu, profile: claims, threads: 1) }
  }

  @Test("a translator that does not translate is found out")
  func notTranslated() throws {
    let environment = try #require(ProgramSearch.find("env"))
    let error = #expect(throws: BackendError.self) {
      try EmulatedBackend(translator: .command([environment]), threads: 1)
    }
    guard case .handshakeMismatch("binary translation", _, let found) = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(found.hasPrefix("none"))
  }

  @Test("a translator that is not installed comes with the way to install it")
  func noTranslator() {
    #expect(
      throws: BackendError.translatorNotFound(
        name: "/nowhere/qemu -x", install: "check the path /nowhere/qemu")
    ) { try EmulatedBackend(translator: .command(["/nowhere/qemu", "-x"])) }
  }

  @Test("a worker that is not there is looked for where it could be")
  func noWorker() {
    #expect(throws: BackendError.workerNotFound(searched: ["/nowhere/worker"])) {
      try WorkerLocation.find(architecture: "x86_64", override: "/nowhere/worker")
    }
    #expect(
      throws: BackendError.workerNotFound(searched: [
        "/a/b/lockstep-worker", "/a/b/../libexec/lockstep-worker",
      ])
    ) {
      try WorkerLocation.find(
        architecture: BackendDescriptor.hostArchitecture, override: nil, executable: "/a/b/program")
    }
  }

  @Test("a worker that can't start says why")
  func doesNotStart() throws {
    let error = #expect(throws: BackendError.self) {
      try start(.none) { $0.arguments.append(contentsOf: ["--isa", "x86-64-v9"]) }
    }
    guard case .workerFailedToStart(let lines) = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(lines.contains { $0.contains("does not run instruction-set level x86-64-v9") })
  }

  @Test("too large a buffer is an error, not the end of a process")
  func outOfMemory() throws {
    let backend = try EmulatedBackend(translator: .none, threads: 1)
    let byteCount = 1 << 45
    let buffer = backend.allocate(byteCount: byteCount)
    [UInt8]([1]).withUnsafeBytes { backend.upload($0, to: buffer) }
    #expect(throws: BackendError.outOfMemory(byteCount: byteCount)) { try backend.synchronize() }
  }

  @Test("the worker ends with its host, even in the middle of an operation")
  func hostDies() async throws {
    let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
      let backend = try EmulatedBackend(translator: .none, threads: 1)
      let ones = backend.makeOnes(size: 3000)
      for _ in 0..<20 { backend.submitProduct(size: 3000, ones, ones) }
      print("worker \(backend.workerProcess) .")
      fflush(nil)
      kill(getpid(), SIGKILL)
    }
    let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
    let words = output.split { $0 == " " || $0 == "\n" }
    let position = try #require(words.firstIndex(of: "worker"))
    let process = try #require(pid_t(words[position + 1]))
    #expect(try isGone(process, within: .seconds(2)))
  }

  @Test("twenty workers started and stopped leave no descriptor, mapping, thread or process behind")
  func leavesNothing() async {
    await #expect(processExitsWith: .success) {
      func run() throws -> Int32 {
        let backend = try EmulatedBackend(translator: .none, threads: 2)
        let ones = backend.makeOnes(size: 64)
        backend.submitProduct(size: 64, ones, ones)
        try backend.synchronize()
        return backend.workerProcess
      }
      _ = try run()
      let before = try Holdings()
      let processes = try (0..<20).map { _ in try run() }
      #expect(try Holdings() == before)
      for process in processes { #expect(kill(process, 0) != 0) }
    }
  }

  private func start(
    _ translator: Translator, _ profile: CPUProfile = .rosetta2Launch, watchdog: String? = nil,
    _ change: (inout WorkerLaunch) -> Void = { _ in }
  ) throws -> EmulatedBackend {
    let worker = try WorkerLocation.find(architecture: profile.architecture)
    var launch = try WorkerLaunch(worker, translator: translator, profile: profile, threads: 1)
    change(&launch)
    return try EmulatedBackend(
      launch, translator: translator, profile: profile, threads: 1,
      watchdog: Watchdog(rate: translator.slowestRate, setting: watchdog))
  }
}

/// What this process holds of the system.
private struct Holdings: Equatable {
  let descriptors: Int
  let mappings: Int
  let threads: Int

  init() throws {
    descriptors = try entries(of: "/proc/self/fd").count
    threads = try entries(of: "/proc/self/task").count
    let map = try #require(fopen("/proc/self/maps", "r"))
    defer { fclose(map) }
    var line = [CChar](repeating: 0, count: 4096)
    var count = 0
    while fgets(&line, Int32(line.count), map) != nil {
      if strstr(line, "memfd:lockstep") != nil { count += 1 }
    }
    mappings = count
  }
}

private func entries(of folder: String) throws -> [String] {
  let stream = try #require(opendir(folder))
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    names.append(
      withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
  }
  return names
}

/// Whether a process ends in time; one that only waits to be looked at has ended.
private func isGone(_ process: pid_t, within limit: Duration) throws -> Bool {
  let start = ContinuousClock.now
  while start.duration(to: .now) < limit {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return true }
    var line = [CChar](repeating: 0, count: 512)
    let isRead = fgets(&line, Int32(line.count), file) != nil
    fclose(file)
    if !isRead || strstr(line, ") Z ") != nil { return true }
    usleep(20_000)
  }
  return false
}
