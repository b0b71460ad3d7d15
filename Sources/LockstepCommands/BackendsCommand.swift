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
    for row in rows { Terminal.standardOutput.write(row.text(on: .standardOutput)) }
  }
}

extension BackendRow {
  /// A line for what it is, one for what it shows or why it does not run; more on a narrow terminal.
  fileprivate func text(on terminal: Terminal) -> String {
    let title = translator.map { "\(name) --translator \($0)" } ?? name
    let mark = runsHere ? terminal.style(.green, "yes") : "no "
    let details = backend.map(\.details) ?? problem ?? ""
    let indentation = "     "
    let width = max(20, terminal.tableWidth - indentation.count)
    let head = "\(NumberFormat.left(title, 36)) \(purpose)"
    let heads = head.count <= width ? [head] : [title] + TextWrapping.wrap(purpose, width: width)
    let lines = heads + TextWrapping.wrap(details, width: width)
    return "\(mark)  " + lines.joined(separator: "\n\(indentation)")
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
