import LockstepBackends
import LockstepBenchmark
import LockstepData

/// The machine that an environment is to run on.
public struct PythonHost: Hashable, Sendable, Encodable {
  /// An operating system.
  public enum System: String, Hashable, Sendable, Encodable {
    /// Any Linux: its files are ELF.
    case linux
    /// macOS: its files are Mach-O.
    case macOS
  }

  /// The operating system.
  public var system: System
  /// The machine's own architecture.
  public var architecture: Architecture
  /// What would run programs of other architectures, such as `Rosetta 2`; nil where nothing does.
  public var translator: String?
  /// Whether x86-64 code finds AVX here; nil where that can't be known.
  public var hasAVX: Bool?

  /// Describes a machine.
  public init(system: System, architecture: Architecture, translator: String? = nil, hasAVX: Bool? = nil) {
    self.system = system
    self.architecture = architecture
    self.translator = translator
    self.hasAVX = hasAVX
  }

  /// Machines by the names of the command line.
  public static let named: [(name: String, host: PythonHost)] = [
    ("linux-x86_64", PythonHost(system: .linux, architecture: .x86_64, hasAVX: true)),
    ("linux-arm64", PythonHost(system: .linux, architecture: .arm64)),
    ("macos-x86_64", PythonHost(system: .macOS, architecture: .x86_64, hasAVX: true)),
    ("macos-arm64", PythonHost(system: .macOS, architecture: .arm64, translator: "Rosetta 2")),
  ]

  /// The machine that this program runs on.
  ///
  /// - Parameter architecture: its own architecture, which is not this program's where that is translated.
  static func current(_ architecture: Architecture, root: String = "") -> PythonHost {
    #if os(macOS)
      let isTranslating = architecture == .arm64
      return PythonHost(
        system: .macOS, architecture: architecture, translator: isTranslating ? "Rosetta 2" : nil,
        hasAVX: isTranslating ? MacOSVersion.major.map { $0 >= 15 } : true)
    #else
      let flags = ProcFile("\(root)/proc/cpuinfo").value(of: "flags")?.split(separator: " ")
      return PythonHost(
        system: .linux, architecture: architecture, translator: registeredTranslator(root),
        hasAVX: architecture == .x86_64 ? flags?.contains("avx") : nil)
    #endif
  }

  /// The first interpreter of foreign ELF files that the kernel was told of.
  private static func registeredTranslator(_ root: String) -> String? {
    let folder = "\(root)/proc/sys/fs/binfmt_misc"
    let names = (try? Folder(listing: folder))?.files ?? []
    let known = ["qemu-", "box64", "FEX", "rosetta"]
    return names.first { name in known.contains { name.hasPrefix($0) } }
  }
}
