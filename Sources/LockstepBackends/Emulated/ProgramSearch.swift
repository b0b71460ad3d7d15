#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Programs on this machine.
package enum ProgramSearch {
  /// The path of a program: itself if it has a slash, else where the PATH has it.
  package static func find(_ program: String, path: String? = Environment["PATH"]) -> String? {
    guard !program.contains("/") else { return isExecutable(program) ? program : nil }
    let folders = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    return folders.lazy.map { "\($0)/\(program)" }.first(where: isExecutable)
  }

  /// Whether a file is there and may be executed.
  static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  /// Whether a folder is there.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The first number with a dot that `program --version` prints.
  package static func version(of program: String) -> String? {
    let quoted = program.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
    guard let stream = popen("'\(quoted)' --version 2>/dev/null </dev/null", "re") else { return nil }
    defer { pclose(stream) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, Int32(line.count), stream) != nil else { return nil }
    return version(in: String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  /// The first number with a dot in a line.
  static func version(in line: String) -> String? {
    let numbers = line.split { !$0.isASCII || !($0.isNumber || $0 == ".") }
    return numbers.first { $0.contains(".") && $0.first != "." && $0.last != "." }.map(String.init)
  }
}

/// The variables of this process.
package enum Environment {
  /// A variable's value, or nil if it is not set or empty.
  package static subscript(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
