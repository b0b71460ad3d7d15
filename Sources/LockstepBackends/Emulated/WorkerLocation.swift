import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A worker's executable, and the libraries it needs where they are another architecture's.
struct WorkerLocation: Hashable, Sendable {
  /// The variable that names the executable, whatever lies elsewhere.
  static let environmentVariable = "LOCKSTEP_WORKER"

  /// The executable.
  let path: String

  /// The folder of foreign libraries beside the executable, if there is one.
  var sysroot: String? {
    let folder = "\(Self.folder(of: path))/sysroot"
    return ProgramSearch.isFolder(folder) ? folder : nil
  }

  /// The folder of the executable.
  var folder: String { Self.folder(of: path) }

  /// Finds the worker of an architecture.
  ///
  /// - Throws: ``BackendError/workerNotFound(searched:)``.
  static func find(
    architecture: String, override: String? = Environment[environmentVariable],
    executable: String = OwnExecutable.path
  ) throws(BackendError) -> WorkerLocation {
    let candidates = override.map { [$0] } ?? candidates(architecture, besides: executable)
    guard let path = candidates.first(where: ProgramSearch.isExecutable) else {
      throw .workerNotFound(searched: candidates)
    }
    return WorkerLocation(path: path)
  }

  /// The host's worker lies beside the executable; others where `scripts/build-worker` puts them, in the build
  /// folder that the executable is in.
  private static func candidates(_ architecture: String, besides executable: String) -> [String] {
    let folder = folder(of: executable)
    if architecture == BackendDescriptor.hostArchitecture {
      return ["\(folder)/lockstep-worker", "\(folder)/../libexec/lockstep-worker"]
    }
    let name = "workers/\(architecture)/lockstep-worker"
    var candidates = ["\(folder)/\(name)"]
    var parent = folder
    while parent.contains("/.build/") { parent = Self.folder(of: parent) }
    if parent != folder { candidates.append("\(parent)/\(name)") }
    if let home = Environment["LOCKSTEP_HOME"] { candidates.append("\(home)/.build/\(name)") }
    return candidates
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return String(path[..<slash])
  }
}

/// The program that runs this.
package enum OwnExecutable {
  /// Its path.
  package static var path: String {
    #if os(Linux)
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = readlink("/proc/self/exe", &buffer, buffer.count)
      if length > 0 {
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
    #endif
    return CommandLine.arguments[0]
  }
}
