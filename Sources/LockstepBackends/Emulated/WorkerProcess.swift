import CLockstepLink
import LockstepCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A worker process and a thread that watches it: collects its last lines, and knows at once when it ends.
///
/// The thread also starts the process. Linux kills a worker that asked for it when the *thread* that started it
/// ends, and the caller's may be any of a pool's.
final class WorkerProcess: Sendable {
  /// The file descriptors that a worker gets.
  struct Resources: Sendable {
    let control: SharedFile
    let data: SharedFile
    let bareExecutable: SharedFile?
  }

  private let watch: ProcessWatch
  private let hostSocket: Descriptor
  private let thread: WatchThread

  /// Starts a worker; that it runs does not mean that it is ready.
  ///
  /// - Parameter lineCount: how many of its last lines are kept.
  init(
    _ launch: WorkerLaunch, _ resources: Resources, keepingLines lineCount: Int = 20
  ) throws(BackendError) {
    let (hostSocket, workerSocket) = try Self.descriptors { lk_socket_pair($0) }
    let (reading, writing) = try Self.descriptors { lk_pipe($0) }
    self.hostSocket = hostSocket
    watch = ProcessWatch(
      ProcessStart(launch: launch, resources: resources, socket: workerSocket, standardError: writing),
      lineCount: lineCount)
    guard let thread = WatchThread(watch, output: reading) else {
      throw .noSharedMemory(reason: "no thread could be started to watch the worker")
    }
    self.thread = thread
  }

  deinit {
    // The worker keeps nothing that would have to be written. Whoever it started belongs to its group.
    watch.kill()
    thread.join()
  }

  /// How the process ended; nil while it runs.
  var end: WorkerEnd? { watch.state.withLock { $0.end } }

  /// What it printed last.
  var lastLines: [String] { watch.state.withLock { $0.lines.lines } }

  /// The system's number of the process, or 0 before it has one.
  var identifier: Int32 { watch.state.withLock { $0.process } }

  /// Ends the process, whatever it is doing, and waits for its end.
  func kill() { watch.kill() }

  private static func descriptors(
    _ create: (UnsafeMutablePointer<Int32>) -> Int32
  ) throws(BackendError) -> (Descriptor, Descriptor) {
    var numbers: [Int32] = [-1, -1]
    guard numbers.withUnsafeMutableBufferPointer({ create($0.baseAddress!) }) == 0 else {
      throw .noSharedMemory(reason: systemError())
    }
    return (Descriptor(numbers[0]), Descriptor(numbers[1]))
  }
}

/// What it takes to start a worker.
private struct ProcessStart: Sendable {
  let launch: WorkerLaunch
  let resources: WorkerProcess.Resources
  let socket: Descriptor
  let standardError: Descriptor

  /// Starts the program and gives the process's number, or an error number.
  func run() -> Result<pid_t, StartFailure> {
    let descriptors = lk_worker_descriptors(
      standard_error: standardError.number, control: resources.control.descriptor.number,
      data: resources.data.descriptor.number, socket: socket.number,
      program: resources.bareExecutable?.descriptor.number ?? -1)
    var process: pid_t = 0
    let code = withCStrings(launch.arguments) { arguments in
      withCStrings(launch.environment) { environment in
        lk_process_start(launch.program, arguments, environment, descriptors, &process)
      }
    }
    return code == 0 ? .success(process) : .failure(StartFailure(code: code))
  }

  private func withCStrings<R>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return (copies + [nil]).withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}

private struct StartFailure: Error {
  let code: Int32
}

/// What the watching thread knows.
private final class ProcessWatch: Sendable {
  struct State {
    /// Until the process is started; it holds the worker's ends of socket and pipe open.
    var start: ProcessStart?
    var process: pid_t = 0
    var end: WorkerEnd?
    var lines: LastLines
    var wasKilled = false
  }

  let state: Mutex<State>

  init(_ start: ProcessStart, lineCount: Int) {
    state = Mutex(State(start: start, lines: LastLines(atMost: lineCount)))
  }

  /// Ends the process group; a process that was not started yet is ended when it is.
  func kill() {
    state.withLock { state in
      state.wasKilled = true
      // Once it has been waited for, the number may be another process's.
      if state.process > 0, state.end == nil { Self.killGroup(state.process) }
    }
  }

  func run(output: Descriptor) {
    if let process = start() { watch(process, output) }
  }

  /// The number of the process, or nil after noting why there is none.
  private func start() -> pid_t? {
    state.withLock { state in
      guard let start = state.start.take() else { return nil }
      switch start.run() {
      case .success(let process):
        state.process = process
        if state.wasKilled { Self.killGroup(process) }
        return process
      case .failure(let failure):
        state.lines.append("\(start.launch.program): \(systemError(failure.code))\n".utf8)
        state.end = .status(127)
        return nil
      }
    }
  }

  private func watch(_ process: pid_t, _ output: Descriptor) {
    let number = lk_process_open(process)
    let processDescriptor = number >= 0 ? Descriptor(number) : nil
    var isOpen = true
    while true {
      if lk_process_wait(processDescriptor?.number ?? -1, isOpen ? output.number : -1) {
        isOpen = read(output)
      } else if reap(process) {
        return
      }
    }
  }

  /// Takes what can be read; false at the end.
  private func read(_ output: Descriptor) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { Self.read(output.number, $0) }
    guard count > 0 else { return false }
    state.withLock { $0.lines.append(bytes.prefix(count)) }
    return true
  }

  private static func read(_ number: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.read(number, bytes.baseAddress, bytes.count)
    #else
      Darwin.read(number, bytes.baseAddress, bytes.count)
    #endif
  }

  /// Whether the process has ended; notes how.
  private func reap(_ process: pid_t) -> Bool {
    state.withLock { state in
      var status: Int32 = 0
      let result = waitpid(process, &status, WNOHANG)
      guard result != 0 else { return false }
      if result < 0 && errno == EINTR { return false }
      // Where this process ignores SIGCHLD nobody can learn how its children ended.
      state.end = result < 0 ? .status(-1) : WorkerEnd(waitStatus: status)
      return true
    }
  }

  private static func killGroup(_ process: pid_t) {
    #if canImport(Glibc)
      _ = Glibc.kill(-process, SIGKILL)
    #else
      _ = Darwin.kill(-process, SIGKILL)
    #endif
  }
}

/// The thread that runs a watch.
private final class WatchThread: Sendable {
  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let handle: Mutex<OpaquePointer?>

  init?(_ watch: ProcessWatch, output: Descriptor) {
    let body = Unmanaged.passRetained(Body { watch.run(output: output) })
    let thread = lk_thread_start(
      { Unmanaged<Body>.fromOpaque($0!).takeRetainedValue().run() }, body.toOpaque())
    guard let thread else {
      body.release()
      return nil
    }
    handle = Mutex(thread)
  }

  func join() {
    handle.withLock { handle in
      if let thread = handle { lk_thread_join(thread) }
      handle = nil
    }
  }
}

extension WorkerEnd {
  fileprivate init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .status(Int(waitStatus >> 8 & 0xFF)) : .signal(Int(signal))
  }
}
