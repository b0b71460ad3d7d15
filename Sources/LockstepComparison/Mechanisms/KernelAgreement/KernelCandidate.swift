import LockstepBackends
public import LockstepCore

/// A kernel set that may be here, and how to get at it.
public struct KernelCandidate: Sendable {
  /// What it is called.
  public let name: String
  /// Starts something that computes with it.
  public let makeDevice: @Sendable () throws -> Device

  /// Creates a candidate.
  public init(_ name: String, makeDevice: @escaping @Sendable () throws -> Device) {
    self.name = name
    self.makeDevice = makeDevice
  }

  /// An engine under a name of its own, with one thread.
  public init(_ name: String, _ engine: Engine) {
    self.init(name) { try engine.makeDevice(threads: 1) }
  }

  /// OpenBLAS's kernel sets for this machine's architecture, untranslated in workers, oldest first. Whether
  /// this CPU and this OpenBLAS have them shows when they are started, or at the first product.
  ///
  /// - Parameter isaLevel: the level of our own kernels in the workers; without it, the best there is.
  public static func cores(isaLevel: String? = nil) -> [KernelCandidate] {
    let level = isaLevel ?? NativeBackend.availableISALevels.last ?? "scalar"
    return coreNames(architecture: BackendDescriptor.hostArchitecture).map { core in
      KernelCandidate(core, .worker(.none, .kernels(core: core, isaLevel: level)))
    }
  }

  /// Source: `openblas/driver/others/dynamic.c` and `dynamic_arm64.c`. Left out are those that only the names
  /// differ of: x86-64 CPUs of before 2004, which have kernels for 32 bits alone.
  package static func coreNames(architecture: String) -> [String] {
    switch architecture {
    case "x86_64":
      [
        "Prescott", "Core2", "Penryn", "Nehalem", "Barcelona", "Bobcat", "Atom", "Sandybridge", "Bulldozer",
        "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids",
      ]
    case "aarch64":
      ["ARMV8", "CORTEXA53", "CORTEXA57", "CORTEXA72", "THUNDERX2T99", "NEOVERSEN1", "NEOVERSEV1"]
    default: []
    }
  }
}
