import LockstepCore

/// Which OpenBLAS there is, whether its kernels are the best for this CPU, and whether a newer one would be.
struct BLASDiagnosis {
  private let report: MachineReport

  init(_ report: MachineReport) { self.report = report }

  var findings: [Finding] { [ignored, kernels, newer].compactMap(\.self) }

  private var library: String { report.native?.blasLibrary ?? "" }

  /// What `OPENBLAS_CORETYPE` asks for and does not get.
  private var ignored: Finding? {
    guard let asked = report.askedBLASCore, let native = report.native,
      asked.lowercased() != native.blasCore.lowercased()
    else { return nil }
    return Finding(
      .warning, "OPENBLAS_CORETYPE asks for \(asked), and OpenBLAS takes \(native.blasCore)",
      evidence: ["this OpenBLAS does not know that name: \(library)"], remedy: ["unset OPENBLAS_CORETYPE"])
  }

  private var kernels: Finding? {
    guard let measurement = report.measurement, let native = report.native else { return nil }
    let others = measurement.kernels.filter { $0.name != measurement.inUse && $0.ratio != nil }
    let tried = others.sorted { ($0.ratio ?? 0) > ($1.ratio ?? 0) }.map {
      "\($0.name) \(NumberFormat.fixed($0.ratio ?? 0, 2))"
    }
    guard !measurement.shapesOfBLAS.isEmpty, measurement.kernels.first?.ratio != nil else {
      return Finding(
        .warning, "OpenBLAS's kernels could not be measured",
        evidence: measurement.kernels.compactMap { kernels in kernels.problem.map { "\(kernels.name): \($0)" }
        })
    }
    let evidence =
      [
        "as many times as fast as \(measurement.inUse), small products, one thread: \(tried.joined(separator: ", "))"
      ]
    guard let quicker = measurement.quicker, let ratio = quicker.ratio else {
      return Finding(
        .good, "OpenBLAS's kernels for \(native.blasCore) are the best, or as good as any, on this CPU",
        evidence: evidence)
    }
    // Unsetting is simpler than to set, where the choice by itself is the quicker one.
    let isOwnChoice = report.askedBLASCore != nil && measurement.ownChoice == quicker.name
    return Finding(
      ratio >= 1.1 ? .warning : .note,
      "OpenBLAS's kernels for \(quicker.name) are \(NumberFormat.fixed(ratio, 2)) times as fast here as those for "
        + "\(native.blasCore), which it uses",
      evidence: evidence + [
        "in \(measurement.seconds > 0 ? "every" : "no") round: "
          + quicker.ratioRange.map { NumberFormat.fixed($0, 2) }.joined(separator: " to "),
        "other kernels give other last bits: set it in all runs that are compared with each other, or in none",
      ], remedy: [isOwnChoice ? "unset OPENBLAS_CORETYPE" : "export OPENBLAS_CORETYPE=\(quicker.name)"])
  }

  /// Measured with what is here; a newer OpenBLAS is not here to be measured. docs/benchmarks.md has the comparison
  /// of 0.3.21 and 0.3.34 that this rests on.
  private var newer: Finding? {
    guard let used = report.measurement?.kernels.first(where: { $0.name == report.measurement?.inUse }),
      let large = used.rates.keys.max(by: { Self.size($0) < Self.size($1) }), let blas = used.rates[large],
      // Lockstep's does not depend on OpenBLAS's kernels: all that were tried measured it.
      let own = report.measurement?.kernels.compactMap({ $0.ownRates[large] }).max()
    else { return nil }
    let rates =
      "\(large) on one thread: Lockstep's product \(NumberFormat.significant(own)) GFLOP/s, OpenBLAS's "
      + "\(NumberFormat.significant(blas))"
    let small = used.rates.filter { $0.key != large }.values.max() ?? 0
    guard report.levels.available.contains("x86-64-v3") else {
      return Finding(
        .note,
        "every matrix product is OpenBLAS's here: one that knows this CPU better would make all of them faster",
        evidence: [rates, library])
    }
    return Finding(
      .good, "a newer OpenBLAS would change little: from 256 × 256 × 256 on, products are Lockstep's own",
      evidence: [
        rates, library,
        "small ones, which are OpenBLAS's, reach \(NumberFormat.fixed(100 * small / max(own, blas), 0)) % of the "
          + "faster of these with the kernels in use",
        "0.3.34 was no faster than 0.3.21 on a Zen 4 (docs/benchmarks.md); other CPUs were not tried",
      ])
  }

  private static func size(_ shape: String) -> Double {
    shape.split(separator: "x").compactMap { Double($0) }.reduce(1, *)
  }
}
