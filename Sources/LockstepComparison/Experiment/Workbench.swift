public import LockstepCore
import LockstepTraining

/// The engines of an experiment: each is started when first asked for, and kept.
///
/// An engine that does not start, or whose worker dies, is noted with the reason and asked for no more: what
/// the others show is worth having without it.
public final class Workbench {
  /// Threads of every engine; nil for all processors.
  public let threads: Int?
  private var devices: [Engine: Device] = [:]
  private var order: [Engine] = []
  private var entries: [Engine: EngineRecord] = [:]

  /// Creates a workbench without engines.
  public init(threads: Int?) { self.threads = threads }

  /// Every engine that was asked for, in that order.
  public var records: [EngineRecord] { order.compactMap { entries[$0] } }

  /// What is known of an engine.
  public func record(of engine: Engine) -> EngineRecord? { entries[engine] }

  /// The device of an engine; nil if it does not run here.
  public func device(for engine: Engine) -> Device? {
    if entries[engine] == nil { start(engine) }
    return devices[engine]
  }

  /// Whether an engine runs here; starts it to find out.
  public func runs(_ engine: Engine) -> Bool { device(for: engine) != nil }

  /// Does something with an engine. A failure of its worker ends the engine, not the experiment.
  ///
  /// - Returns: nil if the engine does not run, or no longer.
  public func attempt<Result>(_ engine: Engine, _ body: (Device) throws -> Result) throws -> Result? {
    guard let device = device(for: engine) else { return nil }
    do {
      return try body(device)
    } catch let error as BackendError {
      entries[engine]?.problem = "\(error)"
      devices[engine] = nil
      return nil
    }
  }

  private func start(_ engine: Engine) {
    order.append(engine)
    var record = EngineRecord(name: engine.name, isTranslated: engine.isTranslated)
    let clock = ContinuousClock()
    let begin = clock.now
    do {
      let device = try engine.makeDevice(threads: threads)
      try device.synchronize()
      record.backend = device.backend.descriptor
      record.startupSeconds = begin.duration(to: clock.now).seconds
      devices[engine] = device
    } catch {
      record.problem = "\(error)"
      if case BackendError.translatorNotFound = error { record.install = engine.installHint }
    }
    entries[engine] = record
  }
}
