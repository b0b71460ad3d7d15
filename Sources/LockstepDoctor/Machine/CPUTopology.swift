import LockstepBenchmark
import LockstepData

#if canImport(Darwin)
  import Darwin
#endif

/// How many cores there are, and how many threads of the hardware each runs.
public struct CPUTopology: Hashable, Sendable, Encodable {
  /// Threads of the hardware: what a system calls processors.
  public var processors: Int
  /// Cores; nil where the system does not say.
  public var cores: Int?

  /// Threads a core runs at a time, one or two; nil where that is not known.
  public var threadsPerCore: Int? { cores.map { processors / max(1, $0) } }

  /// Reads what Linux says in `/sys/devices/system/cpu`, or else in `/proc/cpuinfo`.
  ///
  /// - Parameters:
  ///   - processors: how many there are.
  ///   - root: what stands before `/proc` and `/sys`.
  public init(processors: Int, root: String = "") {
    self.processors = processors
    #if canImport(Darwin)
      var (count, size) = (Int32(0), MemoryLayout<Int32>.size)
      if sysctlbyname("hw.physicalcpu", &count, &size, nil, 0) == 0 { cores = Int(count) }
    #else
      cores = Self.siblings(root) ?? Self.pairs(root)
    #endif
  }

  /// Cores are told by the lists of threads that share one.
  private static func siblings(_ root: String) -> Int? {
    let folder = "\(root)/sys/devices/system/cpu"
    let names = (try? Folder(listing: folder))?.folders ?? []
    let lists = names.filter { $0.hasPrefix("cpu") && Int($0.dropFirst(3)) != nil }.compactMap {
      ProcFile("\(folder)/\($0)/topology/thread_siblings_list").firstLine
    }
    return lists.isEmpty ? nil : Set(lists).count
  }

  /// Cores are told by package and number.
  private static func pairs(_ root: String) -> Int? {
    let information = ProcFile("\(root)/proc/cpuinfo")
    let (packages, cores) = (information.values(of: "physical id"), information.values(of: "core id"))
    guard !cores.isEmpty, packages.count == cores.count else { return nil }
    return Set(zip(packages, cores).map { "\($0) \($1)" }).count
  }
}
