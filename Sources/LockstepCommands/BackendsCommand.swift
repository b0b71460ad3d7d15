public import ArgumentParser
import Lockstep
import LockstepCore
import LockstepTraining

/// `lockstep backends`.
public struct BackendsCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "backends",
    abstract: "List what can compute here, and what each would show.",
    discussion: "Every backend is started to find out; nothing is assumed.")

  @Flag(help: "Print the list as JSON.")
  var json = false

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let rows = Self.candidates.map { BackendRow($0) }
    if json {
      Terminal.standardOutput.write(JSON.encode(rows))
      return
    }
    for row in rows { Terminal.standardOutput.write(row.text) }
  }

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

/// What is known of a backend after an attempt to start it.
private struct BackendRow: Encodable {
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

  /// A line for what it is, one for what it shows or why it does not run.
  var text: String {
    let title = translator.map { "\(name) --translator \($0)" } ?? name
    let mark = runsHere ? Terminal.standardOutput.style(.green, "yes") : "no "
    let head = "\(mark)  \(NumberFormat.left(title, 36)) \(purpose)"
    return head + "\n     " + (backend.map(\.details) ?? problem ?? "")
  }
}

extension BackendDescriptor {
  /// What the backend shows.
  fileprivate var details: String {
    let blas = blasCore == "none" ? "no BLAS" : "OpenBLAS kernels \(blasCore)"
    let between = translator == "none" ? "" : ", under \(translator)"
    return "\(architecture), \(blas), own kernels \(isaLevel)\(between)"
  }
}
