import LockstepBenchmark
import LockstepCore

/// What is wrong with a machine.
struct MachineDiagnosis {
  /// The address space OpenBLAS takes for every thread (CLockstepKernels/runtime/blas.c).
  private static let blasBuffer = Double(128 << 20)
  /// W1 trains in 150 MB; less than this leaves nothing for a data set.
  private static let littleMemory = Double(512 << 20)

  let report: MachineReport

  init(_ report: MachineReport) { self.report = report }

  /// The findings, the worst first.
  var findings: [Finding] {
    let machine: [Finding?] = [
      translation, build, level, quota, threads, memory, addressSpace, sharing, hugePages, load, charts,
    ]
    let all = machine.compactMap(\.self) + BackendDiagnosis(report).findings + BLASDiagnosis(report).findings
    let order: [Finding.Severity] = [.problem, .warning, .note, .good]
    return order.flatMap { severity in all.filter { $0.severity == severity } }
  }

  private var translation: Finding {
    let translation = report.translation
    guard translation.isTranslated else {
      let virtual = translation.hypervisor.map { "a virtual machine of \($0) runs code on the CPU itself" }
      return Finding(
        .good, "this program runs on the CPU itself",
        evidence: ["no sign of a translator in CPUID, arithmetic, /proc or sysctl"]
          + [virtual].compactMap(\.self))
    }
    let name = translation.translator ?? "a translator that does not say its name"
    let isForeign = translation.machine != report.program.architecture
    return Finding(
      .warning,
      "this program is translated, by \(name)" + (translation.certainty == .likely ? ", as it seems" : ""),
      evidence: translation.evidence + [
        isForeign
          ? "the machine is \(translation.machine), this program \(report.program.architecture)"
          : "both are \(translation.machine)",
        "translation costs time and no bit; older kernels, which the CPU that is shown selects, cost both: "
          + "`lockstep explain` measures them apart",
      ],
      remedy: isForeign ? nativeBuild(translation.machine) : [])
  }

  private func nativeBuild(_ architecture: Architecture) -> [String] {
    #if os(macOS)
      ["arch -\(architecture) swift build -c release"]
    #else
      ["swift build -c release  # with a Swift toolchain for \(architecture), started without the translator"]
    #endif
  }

  private var build: Finding? {
    report.program.isDebugBuild
      ? Finding(
        .warning, "this program was compiled without optimisation, and is many times as slow as it could be",
        remedy: ["swift build -c release"]) : nil
  }

  private var level: Finding? {
    guard let best = report.levels.available.last else { return nil }
    guard let asked = report.levels.asked else {
      return Finding(
        .good, "the kernels use the best instruction-set level this CPU runs, \(best)",
        evidence: ["it runs \(report.levels.available.joined(separator: ", "))"])
    }
    guard report.levels.available.contains(asked) else {
      return Finding(
        .problem, "LOCKSTEP_ISA asks for \(asked), which this CPU does not run: no training starts",
        evidence: ["it runs \(report.levels.available.joined(separator: ", "))"],
        remedy: ["unset LOCKSTEP_ISA"])
    }
    return asked == best
      ? nil
      : Finding(
        .warning, "LOCKSTEP_ISA holds the kernels to \(asked); this CPU runs \(best)",
        evidence: ["bits of results depend on it: keep it where runs are to be compared with older ones"],
        remedy: ["unset LOCKSTEP_ISA"])
  }

  private var quota: Finding? {
    guard let limit = report.limits.processors, let file = report.limits.processorsFile,
      limit < Double(report.topology.processors)
    else { return nil }
    let share = NumberFormat.significant(limit)
    let evidence = ["\(file) says so; there are \(report.topology.processors) processors"]
    let fitting = max(1, Int(limit.rounded(.up)))
    guard report.usableProcessors > fitting else {
      return Finding(
        .note,
        "the container may use \(share) processors, and Lockstep starts \(report.usableProcessors) threads",
        evidence: evidence)
    }
    return Finding(
      .warning,
      "the container may use \(share) processors, and Lockstep would start \(report.usableProcessors) threads",
      evidence: evidence + [
        "threads beyond the quota are stopped in the middle of their work, and others wait for them"
      ],
      remedy: ["\(Self.train) --threads \(fitting)"])
  }

  private var threads: Finding? {
    guard let each = report.topology.threadsPerCore, each > 1, let cores = report.topology.cores else {
      return nil
    }
    return Finding(
      .note, "\(report.topology.processors) processors are \(cores) cores with \(each) threads each",
      evidence: [
        "a thread of Lockstep's kernels fills a core's arithmetic: as many threads as cores may be as fast"
      ],
      remedy: ["lockstep bench train --threads \(cores),\(report.usableProcessors)"])
  }

  private var memory: Finding? {
    if let limit = report.limits.memory, limit < Self.littleMemory, let file = report.limits.memoryFile {
      return Finding(
        .warning, "the container may use \(Self.bytes(limit)) of memory: larger trainings will be ended",
        evidence: ["\(file) says so"])
    }
    guard let available = report.memory.available, available < Self.littleMemory else { return nil }
    return Finding(.warning, "only \(Self.bytes(available)) of memory are left")
  }

  private var addressSpace: Finding? {
    guard let limit = report.memory.addressSpace else { return nil }
    let needed = Double(report.usableProcessors) * Self.blasBuffer
    guard limit < 2 * needed else { return nil }
    return Finding(
      limit < needed ? .problem : .warning,
      "a process may have \(Self.bytes(limit)) of address space, and OpenBLAS takes \(Self.bytes(needed)) of it",
      evidence: ["128 MiB for each of \(report.usableProcessors) threads"], remedy: ["ulimit -v unlimited"])
  }

  private var sharing: Finding? {
    guard report.memory.canShare else {
      return Finding(
        .problem, "no memory can be shared with a worker: control and emulated backends do not start")
    }
    return nil
  }

  private var hugePages: Finding? {
    guard report.memory.hugePages == "never" else { return nil }
    return Finding(
      .note, "huge pages are switched off: fresh memory takes longer to be touched first",
      evidence: ["/sys/kernel/mm/transparent_hugepage/enabled"],
      remedy: ["echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"])
  }

  private var load: Finding? {
    guard let load = report.machine.loadAverage, load > Double(report.topology.processors) / 2 else {
      return nil
    }
    return Finding(
      .note, "other programs compute, too: times vary, those measured here included",
      evidence: [
        "\(NumberFormat.fixed(load, 1)) processes wanted a processor in the last minute, of "
          + "\(report.topology.processors)"
      ])
  }

  private var charts: Finding? {
    guard let tool = report.tools.first(where: { $0.name == "rsvg-convert" }), tool.path == nil else {
      return nil
    }
    return Finding(
      .note, "charts can't be written as PNG (as SVG they can): rsvg-convert is not installed",
      remedy: ["sudo apt-get install librsvg2-bin"])
  }

  private static let train = "lockstep train"

  /// Bytes in the unit that fits.
  static func bytes(_ count: Double) -> String {
    count < 1e9
      ? "\(NumberFormat.significant(count / 1e6)) MB" : "\(NumberFormat.significant(count / 1e9)) GB"
  }
}
