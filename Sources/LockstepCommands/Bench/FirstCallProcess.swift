import Lockstep
import LockstepReports

/// A process of this program that computes one operation once, and says how long that took.
struct FirstCallProcess {
  private let arguments: [String]

  /// The process is to have the backend of this one.
  init(_ options: BenchOptions, threads: Int) {
    let named: [(String, String?)] = [
      ("--backend", options.backend), ("--translator", options.translator),
      ("--cpu-profile", options.cpuProfile), ("--threads", "\(threads)"),
    ]
    arguments =
      ["bench", BenchPlan.Suite.seeds.rawValue]
      + named.flatMap { name, value in value.map { [name, $0] } ?? [] }
  }

  /// Runs it.
  ///
  /// - Throws: ``CommandFailure`` with its last line where it fails.
  func seconds(of name: String) throws -> Double {
    let result: Subprocess.Result
    do {
      result = try Subprocess.run(
        OwnExecutable.path, arguments: arguments + ["--first-call", name], input: [])
    } catch {
      throw CommandFailure("a process for the first call could not be started: \(error.reason)")
    }
    let text = String(decoding: result.output, as: UTF8.self).split(separator: "\n").first
    guard result.status == 0, let seconds = text.flatMap({ Double($0) }) else {
      let last = result.error.split(separator: "\n").last.map { ": \($0)" } ?? ""
      throw CommandFailure("the process for the first call of \(name) failed\(last)")
    }
    return seconds
  }
}
