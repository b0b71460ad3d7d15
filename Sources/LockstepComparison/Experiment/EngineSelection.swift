import LockstepBackends
import LockstepCore

/// The engines of an experiment, by what each is for.
struct EngineSelection {
  /// This process, with the kernels its CPU selects.
  let native = Engine.native()
  /// The same kernels in a worker: what the protocol costs.
  let ownKernels: Engine
  /// The profile's kernels, untranslated: what dispatch does. Nil where the CPU is of another architecture.
  let control: Engine?
  /// The profile's kernels under translators: what translation does.
  let emulated: [Engine]
  /// Other profiles' and levels' kernels, untranslated: what legitimate rounding does.
  let twins: [Engine]

  /// Chooses engines for a profile and translators.
  ///
  /// - Parameter native: what the native backend says it is.
  init(_ native: BackendDescriptor, profile: CPUProfile, translators: [Translator]) {
    let isOwnArchitecture = profile.architecture == BackendDescriptor.hostArchitecture
    ownKernels = .worker(.none, .kernels(core: native.blasCore, isaLevel: native.isaLevel))
    control = isOwnArchitecture ? .worker(.none, profile) : nil
    emulated = translators.map { .worker($0, profile) }
    let levels = NativeBackend.availableISALevels.filter { $0 != native.isaLevel }
    let profiles = CPUProfile.all.filter {
      $0.architecture == BackendDescriptor.hostArchitecture && $0 != profile
    }
    twins = levels.map { .native(isaLevel: $0) } + profiles.map { .worker(.none, $0) }
  }

  /// All of them, each once.
  var all: [Engine] {
    [native] + [ownKernels] + [control].compactMap(\.self) + emulated + twins
  }
}
