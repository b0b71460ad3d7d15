import LockstepBenchmark

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Memory, and how it is to be had. Bytes.
public struct MemoryFacts: Hashable, Sendable, Encodable {
  /// What there is.
  public var total: Double?
  /// What could be had without swapping.
  public var available: Double?
  /// Transparent huge pages: `always`, `madvise` (on request: Lockstep requests them) or `never`; nil elsewhere than
  /// on Linux.
  public var hugePages: String?
  /// The size of `/dev/shm`; nil where there is none. Workers do not need it: they share memory that has no name
  /// (`memfd_create`), which counts as this process's own.
  public var sharedMemory: Double?
  /// Whether memory can be shared with a worker.
  public var canShare: Bool
  /// The most address space of a process, `ulimit -v`; nil without a limit.
  public var addressSpace: Double?

  /// Looks at the machine as it is now.
  ///
  /// - Parameter root: what stands before `/proc` and `/sys`.
  public init(root: String = "") {
    let information = ProcFile("\(root)/proc/meminfo")
    total = information.number(of: "MemTotal").map { $0 * 1024 } ?? MachineDescription.current.memoryBytes
    available = information.number(of: "MemAvailable").map { $0 * 1024 }
    hugePages = Self.chosen(ProcFile("\(root)/sys/kernel/mm/transparent_hugepage/enabled").firstLine)
    sharedMemory = Self.fileSystemSize("\(root)/dev/shm")
    canShare = SharingProbe.canShareMemory
    addressSpace = Self.addressSpaceLimit
  }

  /// The word in brackets: `always [madvise] never`.
  private static func chosen(_ line: String?) -> String? {
    line?.split(separator: " ").first { $0.hasPrefix("[") && $0.hasSuffix("]") }
      .map { String($0.dropFirst().dropLast()) }
  }

  private static func fileSystemSize(_ path: String) -> Double? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Double(status.f_blocks) * Double(status.f_frsize)
  }

  private static var addressSpaceLimit: Double? {
    var limit = rlimit()
    #if canImport(Glibc)
      let result = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
      let result = getrlimit(RLIMIT_AS, &limit)
    #endif
    guard result == 0, limit.rlim_cur < rlim_t(Int64.max) else { return nil }
    return Double(limit.rlim_cur)
  }
}
