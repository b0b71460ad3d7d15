import LockstepData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What this process has used so far.
struct ResourceUsage {
  /// Pages that were mapped when they were first touched, without reading from a disk.
  var pageFaults: Int

  /// RUSAGE_SELF, which is an enumeration in glibc's headers and a number elsewhere.
  fileprivate static let thisProcess: Int32 = 0

  static var now: ResourceUsage {
    var usage = rusage()
    getrusage(ResourceUsage.thisProcess, &usage)
    return ResourceUsage(pageFaults: Int(usage.ru_minflt))
  }
}

/// The most memory this process had at once.
enum PeakMemory {
  /// Begins anew, so that earlier benchmarks don't count. Linux alone can; elsewhere the peak is the process's.
  static func reset() {
    let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    // Documented in proc(5): 5 resets the peak resident set size.
    try? AtomicFile.writeAll(Array("5".utf8), to: file)
    close(file)
  }

  /// Resident bytes at their peak since the reset.
  static var bytes: Double {
    if let kilobytes = ProcFile("/proc/self/status").number(of: "VmHWM") { return 1024 * kilobytes }
    var usage = rusage()
    getrusage(ResourceUsage.thisProcess, &usage)
    #if canImport(Darwin)
      return Double(usage.ru_maxrss)
    #else
      return 1024 * Double(usage.ru_maxrss)
    #endif
  }
}
