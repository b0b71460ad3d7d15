package import LockstepCore

extension BackendDescriptor {
  /// Kernel sets of OpenBLAS that were made before there was AVX.
  private static let kernelsWithoutAVX: Set<String> = [
    "prescott", "core2", "penryn", "dunnington", "nehalem", "atom", "opteron", "opteron_sse3", "barcelona",
    "bobcat",
  ]

  /// Whether OpenBLAS computes as on a CPU without AVX where there is AVX2 or AVX-512: so does a version that is
  /// older than the CPU (0.3.21 takes an Emerald Rapids for a Prescott), at a quarter of the speed.
  package var hasOutdatedBLASKernels: Bool {
    ["x86-64-v3", "x86-64-v4"].contains(isaLevel) && Self.kernelsWithoutAVX.contains(blasCore.lowercased())
  }
}
