#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How long ago the system started this process: what a user has waited for, the loading of libraries included.
enum ProcessAge {
  /// The age in seconds; up to one tick of the system's clock (0.01 s) too many, since the start is kept in
  /// whole ticks. Nil where the system doesn't tell.
  static var seconds: Double? {
    #if os(Linux)
      guard let startTicks else { return nil }
      var now = timespec()
      guard clock_gettime(CLOCK_BOOTTIME, &now) == 0 else { return nil }
      return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9 - startTicks
        / Double(sysconf(Int32(_SC_CLK_TCK)))
    #else
      return nil
    #endif
  }

  /// Field 22 of `/proc/self/stat`, see proc(5): ticks from the machine's start to the process's.
  private static var startTicks: Double? {
    guard let file = fopen("/proc/self/stat", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 2048)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // Field 2 is the program's name in brackets, with whatever is in it.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? Double(fields[19]) : nil
  }
}
