import Lockstep

/// The backends the command line knows, by name.
enum BackendChoice: String, CaseIterable {
  case native
  case reference
  case controlX86 = "control-x86"
  case emulatedX86 = "emulated-x86"
  case emulatedARM64 = "emulated-arm64"

  /// The backend of a name.
  ///
  /// - Throws: ``UsageError`` that lists the known ones.
  init(named name: String) throws {
    guard let choice = BackendChoice(rawValue: name) else {
      let known = BackendChoice.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("there is no backend '\(name)'; the backends are \(known)")
    }
    self = choice
  }

  /// What the backend is for, in a phrase.
  var purpose: String {
    switch self {
    case .native: "in this process, as fast as this CPU allows"
    case .reference: "plain Swift, sums in double precision: slow, the judge of the others"
    case .controlX86: "the worker's x86-64 code, not translated: what kernels a CPU selects"
    case .emulatedX86: "the same x86-64 code under a binary translator: what translation does"
    case .emulatedARM64: "ARM64 code under a binary translator"
    }
  }

  /// The CPU that is shown unless another is asked for; nil where the code sees this machine's.
  var defaultProfile: CPUProfile? {
    switch self {
    case .native, .reference: nil
    case .controlX86, .emulatedX86: .rosetta2Launch
    case .emulatedARM64: .neoverseN1
    }
  }

  /// The translator that is used unless another is asked for; nil where there is none to choose.
  var defaultTranslator: Translator? {
    switch self {
    case .native, .reference, .controlX86: nil
    case .emulatedX86, .emulatedARM64: .qemu
    }
  }
}
