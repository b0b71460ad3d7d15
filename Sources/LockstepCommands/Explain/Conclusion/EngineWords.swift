import Lockstep

/// Engines as a sentence names them.
struct EngineWords {
  private let engines: [EngineRecord]

  init(_ record: ExperimentRecord) { engines = record.engines }

  /// Where something is computed: `natively`, `under qemu`, `with the kernels of rosetta2-launch`.
  func place(_ name: String) -> String {
    guard let backend = engines.first(where: { $0.name == name })?.backend else { return "on \(name)" }
    if let translator = backend.translatorName { return "under \(translator)" }
    if let profile = backend.cpuProfile { return "with the kernels of \(profile)" }
    return name == "native" ? "natively" : "on \(name)"
  }

  /// Whether a translator stands in between.
  func isTranslated(_ name: String) -> Bool { engines.first { $0.name == name }?.isTranslated ?? false }
}
