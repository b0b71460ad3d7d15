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
    let rows = BackendRow.all
    if json {
      Terminal.standardOutput.write(JSON.encode(rows))
      return
    }
    for row in rows { Terminal.standardOutput.write(row.text) }
  }
}

extension BackendRow {
  /// A line for what it is, one for what it shows or why it does not run.
  fileprivate var text: String {
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
