import LockstepBackends
import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The machine that benchmarks ran on, as far as it tells.
public struct MachineDescription: Codable, Hashable, Sendable {
  /// The CPU's name; `unknown` where the system does not say.
  public var cpu: String
  /// The architecture, such as `x86_64`.
  public var architecture: String
  /// Processors that are there.
  public var processors: Int
  /// The best instruction-set level that this CPU runs.
  public var isaLevel: String
  /// Bytes of memory.
  public var memoryBytes: Double?
  /// The clock frequency when the benchmarks began, in MHz, where the system says it. It moves.
  public var megahertz: Double?
  /// The operating system and its release.
  public var system: String
  /// Processes that wanted to compute, on average over the minute before the benchmarks: well above 0 means
  /// that something else was running.
  public var loadAverage: Double?

  /// Looks at the machine as it is now.
  public static var current: MachineDescription {
    let information = ProcFile("/proc/cpuinfo")
    return MachineDescription(
      cpu: cpuName(information), architecture: BackendDescriptor.hostArchitecture,
      processors: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
      isaLevel: NativeBackend.availableISALevels.last ?? "unknown", memoryBytes: memory,
      megahertz: frequency(information), system: systemName, loadAverage: load)
  }

  private static func cpuName(_ information: ProcFile) -> String {
    #if canImport(Darwin)
      var size = 0
      if sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0 {
        var name = [CChar](repeating: 0, count: size)
        if sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 {
          return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
      }
    #endif
    // ARM's kernel gives numbers in the place of names.
    return information.value(of: "model name") ?? information.value(of: "CPU part").map { "part \($0)" }
      ?? "unknown"
  }

  private static var memory: Double? {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? Double(pages) * Double(size) : nil
  }

  private static func frequency(_ information: ProcFile) -> Double? {
    let kilohertz = ProcFile("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq").firstLine
    return kilohertz.flatMap { Double($0) }.map { $0 / 1000 } ?? information.number(of: "cpu MHz")
  }

  private static var systemName: String {
    var name = utsname()
    guard uname(&name) == 0 else { return "unknown" }
    func text<Characters>(_ characters: Characters) -> String {
      withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return "\(text(name.sysname)) \(text(name.release))"
  }

  private static var load: Double? {
    var loads = [0.0]
    return getloadavg(&loads, 1) == 1 ? loads[0] : nil
  }
}
