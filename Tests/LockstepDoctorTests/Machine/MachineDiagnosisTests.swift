import LockstepBackends
import LockstepBenchmark
import LockstepCore
import Testing

@testable import LockstepDoctor

@Suite("Diagnosis of a machine")
struct MachineDiagnosisTests {
  /// A machine on which all is well.
  private static func facts(_ change: (inout MachineFacts) -> Void = { _ in }) -> MachineFacts {
    var facts = MachineFacts.current
    facts.program.isDebugBuild = false
    facts.program.architecture = .x86_64
    facts.machine.loadAverage = 0
    var marks = ProcessMarks()
    marks.programArchitecture = .x86_64
    facts.translation = Translation(marks)
    facts.topology.processors = 8
    facts.topology.cores = 8
    facts.usableProcessors = 8
    facts.limits = ControlGroups(root: "/nowhere")
    facts.memory.available = 8e9
    facts.memory.addressSpace = nil
    facts.memory.hugePages = "madvise"
    facts.memory.canShare = true
    facts.levels = .init(available: ["scalar", "x86-64-v2", "x86-64-v3"], asked: nil)
    facts.askedBLASCore = nil
    facts.tools = [.init(name: "rsvg-convert", path: "/usr/bin/rsvg-convert", version: nil, purpose: "")]
    change(&facts)
    return facts
  }

  private static func check(
    _ name: String, _ translator: String? = nil, problem: String? = nil, install: String? = nil
  )
    -> MachineReport.BackendCheck
  {
    let backend = BackendDescriptor(
      name: name, architecture: "x86_64", blasCore: "Haswell", blasLibrary: "OpenBLAS 0.3.21",
      isaLevel: "x86-64-v3",
      threads: 8)
    return .init(
      name: name, translator: translator, backend: problem == nil ? backend : nil, problem: problem,
      install: install)
  }

  private static func findings(
    _ checks: [MachineReport.BackendCheck] = [
      check("native"), check("control-x86"), check("emulated-x86", "qemu"),
    ],
    _ measurement: BLASMeasurement? = nil, changing change: (inout MachineFacts) -> Void = { _ in }
  ) -> [Finding] {
    MachineReport(facts(change), backends: checks, measurement: measurement).findings
  }

  @Test("where all is well nothing is said to be wrong")
  func allWell() {
    let findings = Self.findings()
    #expect(findings.allSatisfy { $0.severity == .good }, "\(findings)")
    #expect(findings.count == 3)
  }

  /// What is wrong, how it is called, how bad it is, and the command that mends it.
  private static let cases: [(@Sendable (inout MachineFacts) -> Void, String, Finding.Severity, String?)] = [
    ({ $0.program.isDebugBuild = true }, "compiled without optimisation", .warning, "swift build -c release"),
    ({ $0.levels.asked = "x86-64-v4" }, "LOCKSTEP_ISA asks for x86-64-v4", .problem, "unset LOCKSTEP_ISA"),
    (
      { $0.levels.asked = "scalar" }, "LOCKSTEP_ISA holds the kernels to scalar", .warning,
      "unset LOCKSTEP_ISA"
    ),
    (
      {
        $0.limits.processors = 1.5
        $0.limits.processorsFile = "/sys/fs/cgroup/cpu.max"
      }, "the container may use 1.50 processors, and Lockstep would start 8 threads", .warning,
      "lockstep train --threads 2"
    ),
    (
      { $0.topology.cores = 4 }, "8 processors are 4 cores with 2 threads each", .note,
      "lockstep bench train --threads 4,8"
    ),
    (
      {
        $0.limits.memory = 2e8
        $0.limits.memoryFile = "/sys/fs/cgroup/memory.max"
      }, "the container may use 200 MB of memory", .warning, nil
    ),
    ({ $0.memory.available = 1e8 }, "only 100 MB of memory are left", .warning, nil),
    (
      { $0.memory.addressSpace = 5e8 }, "of address space, and OpenBLAS takes", .problem,
      "ulimit -v unlimited"
    ),
    ({ $0.memory.canShare = false }, "no memory can be shared with a worker", .problem, nil),
    (
      { $0.memory.hugePages = "never" }, "huge pages are switched off", .note,
      "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"
    ),
    ({ $0.machine.loadAverage = 7 }, "other programs compute, too", .note, nil),
    (
      { $0.tools[0].path = nil }, "charts can't be written as PNG", .note, "sudo apt-get install librsvg2-bin"
    ),
    (
      { $0.askedBLASCore = "Zen5" }, "OPENBLAS_CORETYPE asks for Zen5, and OpenBLAS takes Haswell", .warning,
      "unset OPENBLAS_CORETYPE"
    ),
  ]

  @Test("each thing that is wrong is found alone, with what mends it", arguments: cases.indices)
  func wrong(index: Int) throws {
    let (change, title, severity, remedy) = Self.cases[index]
    let bad = Self.findings(changing: change).filter { $0.severity != .good }
    try #require(bad.count == 1, "\(bad)")
    #expect(bad[0].title.contains(title) && bad[0].severity == severity, "\(bad[0])")
    #expect(bad[0].remedy == (remedy.map { [$0] } ?? []))
  }

  @Test("a translated program is told by what, what it costs, and how to get a native one")
  func translated() throws {
    let bad = Self.findings {
      var marks = ProcessMarks()
      marks.programArchitecture = .x86_64
      marks.hypervisor = "FEXIFEXIEMU"
      marks.kernelArchitecture = .arm64
      $0.translation = Translation(marks)
    }.filter { $0.severity != .good }
    try #require(bad.count == 1)
    #expect(bad[0].title == "this program is translated, by FEX" && bad[0].severity == .warning)
    #expect(bad[0].evidence.contains("the machine is arm64, this program x86_64"))
    #expect(bad[0].remedy.count == 1)
  }

  @Test(
    "what does not start is a problem, something to install, or not missed",
    arguments: [
      (check("native", problem: "no"), .problem, []),
      (check("control-x86", problem: "no worker"), .problem, ["swift build --product lockstep-worker"]),
      (
        check("emulated-x86", "qemu", problem: "x", install: "sudo apt-get install qemu-user"), .warning,
        ["sudo apt-get install qemu-user"]
      ),
      (check("emulated-x86", "box64", problem: "x", install: "y"), nil, []),
      (check("emulated-arm64", "qemu", problem: "x", install: "y"), .note, ["scripts/build-worker arm64"]),
    ] as [(MachineReport.BackendCheck, Finding.Severity?, [String])])
  func backends(check: MachineReport.BackendCheck, severity: Finding.Severity?, remedy: [String]) {
    let bad = Self.findings([check, Self.check("reference")]).filter { $0.severity != .good }
    #expect(bad.first?.severity == severity && (bad.first?.remedy ?? []) == remedy)
    #expect(bad.first?.evidence == severity.map { _ in [check.problem ?? ""] })
  }

  /// A measurement with Haswell in use and another set.
  private static func measurement(_ other: String, ratio: Double) -> BLASMeasurement {
    let rates = ["128x128x128": 100.0, "768x768x768": 104.0]
    func kernels(_ name: String, _ ratio: Double) -> BLASMeasurement.Kernels {
      .init(
        name: name, rates: rates, ownRates: rates, ratio: ratio, ratioRange: [ratio, ratio], problem: nil)
    }
    return BLASMeasurement(
      inUse: "Haswell", ownChoice: "Haswell", kernels: [kernels("Haswell", 1), kernels(other, ratio)],
      shapesOfBLAS: ["128x128x128"], seconds: 1)
  }

  @Test(
    "a quicker kernel set is named with the setting, the more urgently the more it gives",
    arguments: [(1.2, .warning), (1.05, .note), (1.01, .good), (0.5, .good)] as [(Double, Finding.Severity)])
  func kernels(ratio: Double, severity: Finding.Severity) throws {
    let findings = Self.findings([Self.check("native")], Self.measurement("Zen", ratio: ratio))
    let finding = try #require(findings.first { $0.title.hasPrefix("OpenBLAS's kernels for") })
    #expect(finding.severity == severity)
    #expect(finding.remedy == (severity == .good ? [] : ["export OPENBLAS_CORETYPE=Zen"]))
  }

  @Test("whether a newer OpenBLAS matters is said by who computes large products here")
  func newer() throws {
    let own = Self.findings([Self.check("native")], Self.measurement("Zen", ratio: 1))
    #expect(
      own.contains { $0.severity == .good && $0.title.hasPrefix("a newer OpenBLAS would change little") })
    let blas = Self.findings([Self.check("native")], Self.measurement("Zen", ratio: 1)) {
      $0.levels.available = ["scalar", "x86-64-v2"]
    }
    #expect(
      blas.contains { $0.severity == .note && $0.title.hasPrefix("every matrix product is OpenBLAS's here") })
  }

  @Test(
    "another OpenBLAS that was measured is judged by what it gives",
    arguments: [
      (1.2, .note, " is 1.20 times as fast"), (1.0, .good, " would change little"), (nil, .warning, ""),
    ]
      as [(Double?, Finding.Severity, String)])
  func other(ratio: Double?, severity: Finding.Severity, text: String) throws {
    var measurement = Self.measurement("Zen", ratio: 1)
    var kernels = measurement.kernels[1]
    (kernels.ratio, kernels.ratioRange) = (ratio, ratio.map { [$0 - 0.01, $0 + 0.01] } ?? [])
    kernels.problem = ratio == nil ? "invalid ELF header" : nil
    measurement.other = .init(
      path: "./libother.so", library: ratio.map { _ in "OpenBLAS 0.3.99 NO_AFFINITY" }, kernels: kernels)
    let name = ratio == nil ? "./libother.so could not be measured" : "OpenBLAS 0.3.99"
    let finding = try #require(
      Self.findings([Self.check("native")], measurement).first { $0.title.hasPrefix(name + text) })
    #expect(finding.severity == severity && finding.remedy.isEmpty == (severity != .note))
    #expect(ratio != nil || finding.evidence == ["invalid ELF header"])
  }
}
