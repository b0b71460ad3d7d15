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

  /// What another OpenBLAS would give: measured where there is one, else what is known.
  private var newer: Finding? {
    guard let measurement = report.measurement,
      let used = measurement.kernels.first(where: { $0.name == measurement.inUse }),
      let large = used.rates.keys.max(by: { Self.size($0) < Self.size($1) }), let blas = used.rates[large],
      // Lockstep's does not depend on OpenBLAS's kernels: all that were tried measured it.
      let own = measurement.kernels.compactMap({ $0.ownRates[large] }).max()
    else { return nil }
    if let other = measurement.other { return finding(of: other, large, used: blas, own: own) }
    let rates =
      "\(large) on one thread: Lockstep's product \(NumberFormat.significant(own)) GFLOP/s, OpenBLAS's "
      + "\(NumberFormat.significant(blas))"
    let measure = "another OpenBLAS is measured beside it with --openblas FILE"
    guard report.levels.available.contains("x86-64-v3") else {
      return Finding(
        .note,
        "every matrix product is OpenBLAS's here: one that knows this CPU better would make all of them faster",
        evidence: [rates, library, measure])
    }
    return Finding(
      .good,
      "a newer OpenBLAS would change little: large products, and most of dense layers, are Lockstep's own",
      evidence: [
        rates, library,
        "0.3.34 was no faster than 0.3.21 on a Zen 4 (docs/benchmarks.md); other CPUs were not tried",
        measure,
      ])
  }

  private func finding(
    of other: BLASMeasurement.Other, _ large: String, used: Double, own: Double
  ) -> Finding {
    guard let ratio = other.kernels.ratio, let rate = other.kernels.rates[large],
      let (least, most) = other.kernels.ratioRange.first.flatMap({ least in
        other.kernels.ratioRange.last.map { (least, $0) }
      })
    else {
      return Finding(
        .warning, "\(other.path) could not be measured",
        evidence: [other.kernels.problem ?? "it gave no rate for the products that are left to OpenBLAS"])
    }
    let isQuicker = ratio >= BLASMeasurement.leastGain && least > 1
    let times = NumberFormat.fixed(ratio, 2)
    return Finding(
      isQuicker ? .note : .good,
      isQuicker
        ? "\(other.name) is \(times) times as fast as the one in use, where products are left to OpenBLAS"
        : "\(other.name) would change little: it is \(times) times as fast as the one in use, where products are "
          + "left to OpenBLAS",
      evidence: [
        "rounds: \(NumberFormat.fixed(least, 2)) to \(NumberFormat.fixed(most, 2)), with its kernels for "
          + other.kernels.name,
        "\(large) on one thread, GFLOP/s: \(other.name) \(NumberFormat.significant(rate)), the one in use "
          + "\(NumberFormat.significant(used)), Lockstep's own product \(NumberFormat.significant(own))",
        "in use: \(library)",
      ],
      remedy: isQuicker
        ? ["install it where the system's linker finds libopenblas.so.0, and build Lockstep anew"] : [])
  }

  private static func size(_ shape: String) -> Double {
    shape.split(separator: "x").compactMap { Double($0) }.reduce(1, *)
  }
}
