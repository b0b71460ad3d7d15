import LockstepBenchmark

/// What the control groups of a process let it have, which is how containers are limited: versions 1 and 2 of
/// Linux's, and a mixture of both. `Documentation/admin-guide/cgroup-v2.rst` and `cgroup-v1/`, of Linux.
public struct ControlGroups: Hashable, Sendable, Encodable {
  /// Processors' worth of time, such as 1.5; nil without a limit.
  public var processors: Double?
  /// The file that says so.
  public var processorsFile: String?
  /// Whether that is a quota of version 1.
  public var isProcessorsVersion1 = false
  /// Bytes of memory; nil without a limit.
  public var memory: Double?
  /// The file that says so.
  public var memoryFile: String?
  /// Bytes of memory that the limited group has in use, caches included.
  public var memoryInUse: Double?

  /// Version 1 says "no limit" by the largest multiple of a page in 63 bits.
  private static let noMemoryLimit = 0x7FFF_0000_0000_0000 as Double

  /// Reads the files of a system.
  ///
  /// - Parameter root: what stands before `/proc` and `/sys`.
  public init(root: String = "") {
    for line in ProcFile("\(root)/proc/self/cgroup").lines {
      // `4:memory:/docker/1234`, and `0::/user.slice` of version 2
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let controllers = parts[1].split(separator: ",")
      let group = String(parts[2])
      if parts[1].isEmpty { readVersion2(group, root) }
      if controllers.contains("cpu") { readVersion1Processors(group, String(parts[1]), root) }
      if controllers.contains("memory") { readVersion1Memory(group, root) }
    }
  }

  /// A group and all above it, the innermost first. Inside of a container the path may be one of the host's, which
  /// is not there: then the hierarchy's root is the group.
  private static func groups(_ path: String) -> [String] {
    var (groups, path) = ([String](), path == "/" ? "" : path)
    while true {
      groups.append(path)
      guard let slash = path.lastIndex(of: "/") else { return groups }
      path = String(path[..<slash])
    }
  }

  private mutating func readVersion2(_ group: String, _ root: String) {
    for group in Self.groups(group) {
      // Beside version 1's hierarchies it is mounted apart.
      for mount in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] {
        let folder = "\(mount)\(group)"
        let quota = ProcFile("\(root)\(folder)/cpu.max").firstLine?.split(separator: " ").compactMap {
          Double($0)
        }
        if let quota, quota.count == 2 { limitProcessors(quota[0], quota[1], "\(folder)/cpu.max") }
        if let limit = Self.number("\(root)\(folder)/memory.max") {
          limitMemory(limit, "\(folder)/memory.max", inUse: Self.number("\(root)\(folder)/memory.current"))
        }
      }
    }
  }

  private mutating func readVersion1Processors(_ group: String, _ controllers: String, _ root: String) {
    for group in Self.groups(group) {
      for name in Set(["cpu", controllers]).sorted() {
        let folder = "/sys/fs/cgroup/\(name)\(group)"
        if let quota = Self.number("\(root)\(folder)/cpu.cfs_quota_us"),
          let period = Self.number("\(root)\(folder)/cpu.cfs_period_us"),
          limitProcessors(quota, period, "\(folder)/cpu.cfs_quota_us")
        {
          isProcessorsVersion1 = true
        }
      }
    }
  }

  private mutating func readVersion1Memory(_ group: String, _ root: String) {
    for group in Self.groups(group) {
      let folder = "/sys/fs/cgroup/memory\(group)"
      guard let limit = Self.number("\(root)\(folder)/memory.limit_in_bytes"), limit < Self.noMemoryLimit
      else { continue }
      limitMemory(
        limit, "\(folder)/memory.limit_in_bytes", inUse: Self.number("\(root)\(folder)/memory.usage_in_bytes")
      )
    }
  }

  /// Takes a limit that is lower than those before; whether it was.
  @discardableResult
  private mutating func limitProcessors(_ quota: Double, _ period: Double, _ file: String) -> Bool {
    guard quota > 0, period > 0, quota / period < processors ?? .infinity else { return false }
    (processors, processorsFile, isProcessorsVersion1) = (quota / period, file, false)
    return true
  }

  private mutating func limitMemory(_ limit: Double, _ file: String, inUse: Double?) {
    guard limit >= 0, limit < memory ?? .infinity else { return }
    (memory, memoryFile, memoryInUse) = (limit, file, inUse)
  }

  private static func number(_ path: String) -> Double? { ProcFile(path).firstLine.flatMap { Double($0) } }
}
