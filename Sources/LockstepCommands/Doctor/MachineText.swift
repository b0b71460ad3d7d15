import LockstepBenchmark
import LockstepCore
import LockstepDoctor
import LockstepReports

extension DoctorText {
  /// A machine.
  func text(of report: MachineReport) -> String {
    joined([facts(report.facts), report.measurement.map { table($0.table) } ?? "", findings(report.findings)])
  }
}

extension MachineReport {
  fileprivate var facts: [(title: String, text: String?)] {
    [
      ("machine", machineText), ("cores", coresText),
      (
        "program",
        "\(program.architecture), Lockstep \(program.version)\(program.isDebugBuild ? ", debug build" : "")"
      ),
      ("translation", translationText),
      ("kernels", native?.isaLevel), ("BLAS", native?.blasLibrary),
      ("BLAS kernels", native?.blasCore), ("threads", native.map { "\($0.threads)" }),
      ("memory", memoryText), ("container", containerText),
      ("programs", toolsText),
    ]
  }

  private var machineText: String {
    "\(machine.cpu), \(translation.machine), \(machine.system)"
      + (translation.hypervisor.map { ", virtual (\($0))" } ?? "")
  }

  private var coresText: String {
    let cores = topology.cores.map { "\($0) cores, " } ?? ""
    let each =
      topology.threadsPerCore.map { $0 > 1 ? " (\($0) threads a core)" : " (one thread a core)" } ?? ""
    return "\(cores)\(topology.processors) processors\(each), \(usableProcessors) of them for this process"
  }

  private var translationText: String {
    guard translation.isTranslated else { return "none seen" }
    let name = translation.translator ?? "somebody"
    return translation.certainty == .certain ? "by \(name)" : "by \(name), as it seems"
  }

  private var memoryText: String {
    var parts: [String] = []
    if let total = memory.total { parts.append(DoctorText.bytes(total)) }
    if let available = memory.available { parts.append("\(DoctorText.bytes(available)) to be had") }
    if let pages = memory.hugePages { parts.append("huge pages: \(pages)") }
    if let shared = memory.sharedMemory {
      parts.append("/dev/shm \(DoctorText.bytes(shared)), which workers don't need")
    }
    return parts.joined(separator: ", ")
  }

  private var containerText: String {
    let processors = limits.processors.map { "\(NumberFormat.significant($0)) processors" }
    let memory = limits.memory.map { limit in
      "\(DoctorText.bytes(limit)) of memory"
        + (limits.memoryInUse.map { ", \(DoctorText.bytes($0)) in use" } ?? "")
    }
    let parts = [processors, memory].compactMap(\.self)
    return parts.isEmpty ? "no limits" : "at most " + parts.joined(separator: "; ")
  }

  private var toolsText: String {
    let (here, missing) = (tools.filter { $0.path != nil }, tools.filter { $0.path == nil })
    let found = here.map { [$0.name, $0.version].compactMap(\.self).joined(separator: " ") }.joined(
      separator: ", ")
    return found + (missing.isEmpty ? "" : "; not here: \(missing.map(\.name).joined(separator: ", "))")
  }
}

extension DoctorText {
  /// Bytes in the unit that fits.
  fileprivate static func bytes(_ count: Double) -> String {
    count < 1e9
      ? "\(NumberFormat.significant(count / 1e6)) MB" : "\(NumberFormat.significant(count / 1e9)) GB"
  }
}

extension BLASMeasurement {
  /// GFLOP/s by shape and kernel set.
  fileprivate var table: Table {
    var columns = kernels.filter { $0.problem == nil }.map { set in
      (name: set.name + (set.name == inUse ? " (used)" : ""), set: set)
    }
    if let other, other.kernels.problem == nil { columns.append((other.name, other.kernels)) }
    let rows = (kernels.first?.rates.keys.sorted() ?? []).map { shape in
      [Table.Cell(shape + (shapesOfBLAS.contains(shape) ? "" : " *"))]
        + columns.map { Table.Cell($0.set.rates[shape].map { NumberFormat.fixed($0, 1) } ?? "") }
    }
    let ratios =
      [Table.Cell("ratio")] + columns.map { Table.Cell($0.set.ratio.map { NumberFormat.fixed($0, 2) } ?? "") }
    let star = shapesOfBLAS.count < rows.count ? "; * Lockstep computes itself, and the ratio is without" : ""
    return Table(
      "OpenBLAS's kernels, GFLOP/s of one thread, rows x inner x columns\(star)",
      columns: ["product"] + columns.map { .number($0.name) },
      rows: rows + [ratios])
  }
}
