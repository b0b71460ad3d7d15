import CLockstepKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The instruction-set levels that kernels exist for, by name.
enum ISALevel {
  /// The environment variable that forces a level.
  static let environmentVariable = "LOCKSTEP_ISA"

  /// The names of the levels this CPU runs, lowest first.
  static var available: [String] {
    [LK_ISA_SCALAR, LK_ISA_X86_64_V2, LK_ISA_X86_64_V3, LK_ISA_X86_64_V4, LK_ISA_NEON]
      .filter { lk_isa_available($0) }
      .map { String(cString: lk_isa_name($0)) }
  }

  /// The level of a name; without one, that of ``environmentVariable``; without that, the best.
  static func resolve(_ name: String?) throws(NativeBackendError) -> lk_isa {
    guard let name = name ?? environmentValue else { return lk_isa_best() }
    guard let index = UInt32(exactly: lk_isa_named(name)), lk_isa_available(lk_isa(index)) else {
      throw .isaLevelUnavailable(name, available: available)
    }
    return lk_isa(index)
  }

  private static var environmentValue: String? {
    getenv(environmentVariable).map { String(cString: $0) }
  }
}
