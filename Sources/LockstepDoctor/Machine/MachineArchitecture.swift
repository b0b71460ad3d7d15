import LockstepBenchmark

#if canImport(Darwin)
  import Darwin
#endif

/// The architecture of the machine itself, which is not this program's where that is translated.
enum MachineArchitecture {
  /// As far as this process is told: translators answer many questions for the machine they show.
  static var current: Architecture {
    #if canImport(Darwin)
      var (isARM, size) = (Int32(0), MemoryLayout<Int32>.size)
      if sysctlbyname("hw.optional.arm64", &isARM, &size, nil, 0) == 0, isARM == 1 { return .arm64 }
      return .ofThisProgram
    #else
      ProcessMarks.current.machineArchitecture
    #endif
  }
}
