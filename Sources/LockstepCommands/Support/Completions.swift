import ArgumentParser
import LockstepBackends

/// What shells complete; `lockstep --generate-completion-script` prints the scripts.
extension CompletionKind {
  /// The names of backends.
  static var backends: CompletionKind { .list(BackendChoice.allCases.map(\.rawValue)) }

  /// The translators that have names.
  static var translators: CompletionKind { .list(Translator.named.filter { $0 != .none }.map(\.name)) }

  /// The CPUs that can be shown to workers.
  static var cpuProfiles: CompletionKind { .list(CPUProfile.all.map(\.name)) }

  /// A model.
  static var modelFile: CompletionKind { .file(extensions: ["yaml", "yml"]) }
}
