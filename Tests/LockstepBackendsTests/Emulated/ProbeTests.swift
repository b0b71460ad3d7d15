import Foundation
@testable import LockstepBackends
import Testing

/// `scripts/probe-translators` runs the worker's probes; docs/emulation.md describes the rows.
@Suite("Probes", .enabled(if: TranslatedTests.areWanted))
struct ProbeTests {
  /// What every x86 CPU does (Intel's Software Developer's Manual, volume 1: 4.8.3.5 and table 4-7 for NaNs,
  /// 10.2.3 for MXCSR, 8.2 for the x87; volume 2 for MINSS, MAXSS and CVTTSS2SI).
  private static let manual = [
    "architecture": "x86_64",
    "flush to zero": "honoured", "denormals are zero": "honoured", "rounding mode": "honoured",
    "exception flags": "set",
    "x87 significand": "64 bits", "x87 1e300 squared": "finite",
    "rcpss": "approximate", "rsqrtss": "approximate",
    "cvttss2si 3e9": "80000000", "cvttss2si -inf": "80000000", "cvttss2si NaN": "80000000",
    "0 / 0": "ffc00000", "inf - inf": "ffc00000", "sqrt -1": "ffc00000",
    "NaN 1 + NaN 2": "7fc00001", "NaN 2 + NaN 1": "ffc00002", "signalling NaN + 1": "7fc00003",
    "minss NaN, 1": "3f800000", "minss 1, NaN": "7fc00001",
    "maxss NaN, 1": "3f800000", "maxss 1, NaN": "7fc00001",
    "minss 0, -0": "80000000", "maxss -0, 0": "00000000",
  ]

  /// What this CPU has and another may lack.
  private static let features = ["SSE4.2", "AVX", "FMA"]

  /// QEMU divides where CPUs look up, and chooses between two NaNs as the x87 does, by the significand.
  private static let qemu = [
    "rcpss": "exact", "rsqrtss": "1 / sqrt", "NaN 1 + NaN 2": "ffc00002",
  ]

  /// Valgrind computes as MXCSR says by default, whatever it says, and has doubles for x87 registers.
  private static let valgrind = [
    "flush to zero": "ignored", "denormals are zero": "ignored", "rounding mode": "ignored",
    "exception flags": "not set", "x87 significand": "53 bits", "x87 1e300 squared": "infinite",
  ]

  @Test("the control computes as the manual says, and translators differ only in the documented rows")
  func rows() throws {
    let results = try Self.run()
    try expect(results, "control", Self.manual)
    try expect(results, "qemu Westmere", Self.manual.merging(Self.qemu) { $1 })
    try expect(results, "qemu Haswell", Self.manual.merging(Self.qemu) { $1 })
    try expect(results, "valgrind", Self.manual.merging(Self.valgrind) { $1 })
  }

  @Test("QEMU shows the features of the model it is told")
  func features() throws {
    let results = try Self.run()
    let shown = ["qemu Westmere", "qemu Haswell"].map { name in Self.features.map { results[name]?[$0] } }
    #expect(shown == [["yes", "no", "no"], ["yes", "yes", "yes"]])
  }

  private func expect(_ results: [String: [String: String]], _ name: String, _ wanted: [String: String])
    throws
  {
    var rows = try #require(results[name], "\(name) gave nothing")
    for feature in Self.features { #expect(rows.removeValue(forKey: feature) != nil, "\(name) \(feature)") }
    #expect(rows == wanted, "\(name)")
  }

  /// The rows of every translator found here.
  private static func run() throws -> [String: [String: String]] {
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: repositoryPath("scripts/probe-translators"))
    process.arguments = ["--json"]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["LOCKSTEP_WORKER": try WorkerLocation.find(architecture: "x86_64").path]
    ) { $1 }
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try JSONDecoder().decode([String: [String: String]].self, from: text)
  }
}

/// The path of a file of this repository.
func repositoryPath(_ path: String) -> String {
  var root = URL(filePath: #filePath)
  for _ in 0..<4 { root.deleteLastPathComponent() }  // This file, Emulated, LockstepBackendsTests, Tests.
  return root.appending(path: path).path
}
