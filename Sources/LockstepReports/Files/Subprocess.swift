import LockstepData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs a program to its end: what it reads is given to it, what it writes is collected.
package enum Subprocess {
  /// What a program left behind.
  package struct Result {
    /// Its exit code, or 128 and the number of the signal that ended it.
    package var status: Int32
    /// What it wrote to standard output.
    package var output: [UInt8]
    /// The end of what it wrote to standard error.
    package var error: String
  }

  /// A program could not be started, in the system's words.
  package struct Failure: Error {
    /// The words.
    package var reason: String

    init(reason: String) { self.reason = reason }

    init(errno code: Int32) { reason = String(cString: strerror(code)) }
  }

  /// Input, output and errors go through unlinked temporary files: with pipes, a program that writes before it
  /// has read everything and we would wait for each other.
  package static func run(_ program: String, arguments: [String], input: [UInt8]) throws(Failure) -> Result {
    let files = try [temporaryFile(), temporaryFile(), temporaryFile()]
    defer { files.forEach { close($0) } }
    do throws(FileError) {
      try AtomicFile.writeAll(input, to: files[0])
    } catch {
      throw Failure(reason: error.reason)
    }
    guard lseek(files[0], 0, SEEK_SET) == 0 else { throw Failure(errno: errno) }
    let process = try start(program, arguments: arguments, files: files)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw Failure(errno: errno) }
    }
    // As the shell has it; the macros of wait.h are not seen from Swift.
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    return Result(
      status: code, output: try read(files[1]),
      error: String(decoding: try read(files[2]).suffix(2_000), as: UTF8.self))
  }

  private static func start(
    _ program: String, arguments: [String], files: [Int32]
  ) throws(Failure) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, file) in files.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, file, Int32(number))
    }
    var strings: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { strings.forEach { free($0) } }
    var process: pid_t = 0
    let result = posix_spawn(&process, program, &actions, nil, &strings, environ)
    guard result == 0 else { throw Failure(errno: result) }
    return process
  }

  /// A file without a name, which is gone when it is closed. Its number is above those of the three streams.
  private static func temporaryFile() throws(Failure) -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/lockstep-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw Failure(errno: errno) }
    unlink(name)
    defer { close(descriptor) }
    let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    guard moved >= 0 else { throw Failure(errno: errno) }
    return moved
  }

  private static func read(_ file: Int32) throws(Failure) -> [UInt8] {
    guard lseek(file, 0, SEEK_SET) == 0 else { throw Failure(errno: errno) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = readSome(file, &buffer)
      if count > 0 { bytes += buffer[..<count] }
      if count == 0 { return bytes }
      if count < 0 && errno != EINTR { throw Failure(errno: errno) }
    }
  }

  private static func readSome(_ file: Int32, _ buffer: inout [UInt8]) -> Int {
    #if canImport(Darwin)
      Darwin.read(file, &buffer, buffer.count)
    #elseif canImport(Musl)
      Musl.read(file, &buffer, buffer.count)
    #else
      Glibc.read(file, &buffer, buffer.count)
    #endif
  }
}
