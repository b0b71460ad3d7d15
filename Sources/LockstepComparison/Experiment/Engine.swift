public import LockstepBackends
public import LockstepCore

/// What computes a training of an experiment: kernels, and what runs them.
public enum Engine: Hashable, Sendable {
  /// This process. Without a level, the best this CPU runs; OpenBLAS's kernels are the CPU's in any case.
  case native(isaLevel: String? = nil)
  /// A worker process under a translator (``/LockstepBackends/Translator/none``: untranslated), with a profile's
  /// kernels.
  case worker(Translator, CPUProfile)

  /// The name in reports, such as `emulated-x86 (qemu, rosetta2-launch)`.
  public var name: String {
    switch self {
    case .native(nil): "native"
    case .native(let level?): "native (\(level))"
    case .worker(.none, let profile): "control-\(profile.shortArchitecture) (\(profile.name))"
    case .worker(let translator, let profile):
      "emulated-\(profile.shortArchitecture) (\(translator.name), \(profile.name))"
    }
  }

  /// Whether a binary translator stands between the kernels and the CPU.
  public var isTranslated: Bool {
    switch self {
    case .native: false
    case .worker(let translator, _): translator != .none
    }
  }

  /// How a translator that is missing is installed; nil where none is needed.
  public var installHint: String? {
    guard case .worker(let translator, _) = self, translator != .none else { return nil }
    return translator.installHint
  }

  /// Starts it.
  ///
  /// - Throws: ``/LockstepBackends/NativeBackendError`` or ``/LockstepCore/BackendError``, saying what is missing.
  public func makeDevice(threads: Int?) throws -> Device {
    switch self {
    case .native(let level): Device(try NativeBackend(threads: threads, isaLevel: level))
    case .worker(let translator, let profile):
      Device(try EmulatedBackend(translator: translator, profile: profile, threads: threads))
    }
  }
}

/// An engine as a report has it.
public struct EngineRecord: Codable, Hashable, Sendable {
  /// The engine's name.
  public var name: String
  /// Whether it is translated.
  public var isTranslated: Bool
  /// What it said it is; nil if it did not start.
  public var backend: BackendDescriptor?
  /// Wall time until it was ready, in seconds; nil if it did not start.
  public var startupSeconds: Double?
  /// Why it did not start, or why it ended; nil of one that served to the end.
  public var problem: String?
  /// How what is missing is installed.
  public var install: String?

  /// Whether it could be used at all.
  public var didStart: Bool { backend != nil }
}
