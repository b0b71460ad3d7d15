import LockstepCore

/// A CPU to be shown to translated code, and what our code must make of it.
///
/// Which kernels run is decided by the CPU's features, and kernels differ in the last bits of their results.
/// So a profile is a promise about instruction-set level and BLAS core that the worker's handshake must keep.
public struct CPUProfile: Hashable, Sendable {
  /// The name on the command line.
  public let name: String
  /// The architecture of the machine code.
  public let architecture: String
  /// The instruction-set level our kernels use on it.
  public let isaLevel: String
  /// The kernel set OpenBLAS chooses on it.
  public let blasCore: String
  /// What QEMU calls the CPU.
  let qemuModel: String
  /// Features that a newer CPU has and this one lacks, by the C library's names: its mathematical functions
  /// choose among variants, too.
  let missingFeatures: [String]

  /// What Rosetta 2 showed when it appeared: SSE4.2 and nothing newer. QEMU's Westmere is the same.
  public static let rosetta2Launch = CPUProfile(
    name: "rosetta2-launch", architecture: "x86_64", isaLevel: "x86-64-v2", blasCore: "Nehalem",
    qemuModel: "Westmere", missingFeatures: ["AVX512F", "AVX2", "FMA", "FMA4", "AVX"])

  /// A Core 2 Duo: no SSE4.2, so our kernels take their scalar level.
  public static let core2 = CPUProfile(
    name: "core2", architecture: "x86_64", isaLevel: "scalar", blasCore: "Core2",
    qemuModel: "core2duo", missingFeatures: ["AVX512F", "AVX2", "FMA", "FMA4", "AVX", "SSE4_2", "SSE4_1"])

  /// A Haswell, with AVX2 and fused multiply-add; Rosetta 2 shows them since macOS 15.
  public static let avx2 = CPUProfile(
    name: "avx2", architecture: "x86_64", isaLevel: "x86-64-v3", blasCore: "Haswell",
    qemuModel: "Haswell", missingFeatures: ["AVX512F"])

  /// An ARM server of 2019.
  public static let neoverseN1 = CPUProfile(
    name: "neoverse-n1", architecture: "aarch64", isaLevel: "neon", blasCore: "NEOVERSEN1",
    qemuModel: "neoverse-n1", missingFeatures: [])

  /// Every profile there is.
  public static let all = [rosetta2Launch, core2, avx2, neoverseN1]

  /// The profile of a name, or nil.
  public init?(named name: String) {
    guard let profile = Self.all.first(where: { $0.name == name }) else { return nil }
    self = profile
  }

  /// Kernels of the host's architecture by their names, whatever CPU selects them: for workers that are told
  /// what to use, as untranslated ones are. The host must be able to run them.
  ///
  /// - Parameters:
  ///   - core: OpenBLAS's kernel set, such as `SkylakeX`.
  ///   - isaLevel: the level of our own kernels, such as `x86-64-v3`.
  public static func kernels(core: String, isaLevel: String) -> CPUProfile {
    let features: [String] =
      switch isaLevel {
      case avx2.isaLevel: avx2.missingFeatures
      case rosetta2Launch.isaLevel: rosetta2Launch.missingFeatures
      case core2.isaLevel: core2.missingFeatures
      default: []
      }
    return CPUProfile(
      name: "\(core), \(isaLevel)", architecture: BackendDescriptor.hostArchitecture, isaLevel: isaLevel,
      blasCore: core, qemuModel: core, missingFeatures: features)
  }

  init(
    name: String, architecture: String, isaLevel: String, blasCore: String, qemuModel: String,
    missingFeatures: [String]
  ) {
    self.name = name
    self.architecture = architecture
    self.isaLevel = isaLevel
    self.blasCore = blasCore
    self.qemuModel = qemuModel
    self.missingFeatures = missingFeatures
  }

  /// The architecture as it is called in the names of backends.
  package var shortArchitecture: String {
    switch architecture {
    case "x86_64": "x86"
    case "aarch64": "arm64"
    default: architecture
    }
  }
}
