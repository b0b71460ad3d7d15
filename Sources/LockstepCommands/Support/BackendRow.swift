import Lockstep

/// What is known of a backend after an attempt to start it.
struct BackendRow: Encodable {
  let name: String
  let purpose: String
  let translator: String?
  let runsHere: Bool
  let problem: String?
  let install: String?
  let backend: BackendDescriptor?

  init(_ selection: BackendSelection) {
    name = selection.choice.rawValue
    purpose = selection.choice.purpose
    translator = selection.translator?.name
    do {
      backend = try selection.makeDevice().backend.descriptor
      runsHere = true
      problem = nil
      install = nil
    } catch {
      backend = nil
      runsHere = false
      problem = "\(error)"
      install = selection.translator?.installHint
    }
  }

  /// Tries every backend.
  static var all: [BackendRow] { candidates.map { BackendRow($0) } }

  /// Every backend, and each named translator of those that have one.
  private static var candidates: [BackendSelection] {
    BackendChoice.allCases.flatMap { choice in
      let translators: [Translator?] =
        switch choice {
        case .native, .reference, .controlX86: [nil]
        case .emulatedX86: Translator.named.filter { $0 != .none }
        case .emulatedARM64: [.qemu]
        }
      return translators.map { BackendSelection(choice, translator: $0) }
    }
  }
}

extension BackendSelection {
  fileprivate init(_ choice: BackendChoice, translator: Translator?) {
    self.choice = choice
    self.translator = translator
    threads = nil
    profile = choice.defaultProfile
  }
}
