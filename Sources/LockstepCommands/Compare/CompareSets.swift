import Lockstep
import LockstepData

/// The sets of curves that a command line names.
enum CompareSets {
  /// What stands between sets of several arguments each, as a shell makes of patterns.
  static let separator = "vs"

  /// Reads the sets: without a `vs` each argument is one, with it all arguments between are.
  ///
  /// - Throws: ``UsageError`` for fewer than two, `CurveError` for what can't be read.
  static func read(_ arguments: [String], _ columns: CurveColumns) throws -> [CurveSet] {
    let groups =
      arguments.contains(separator)
      ? arguments.split(separator: separator, omittingEmptySubsequences: false).map(Array.init)
      : arguments.map { [$0] }
    guard groups.count > 1, !groups.contains([]) else {
      throw UsageError(
        "two sets of runs or more are compared: name each by one argument, or put vs between the sets")
    }
    return try groups.map { sources in
      let curves = try sources.flatMap { try CurveSource($0).curves(columns) }
      return try CurveSet(name(of: sources), curves)
    }
  }

  /// What to call a set: what was typed, or of several arguments what they begin and end with.
  private static func name(of sources: [String]) -> String {
    guard let first = sources.first, sources.count > 1 else { return sources.first ?? "" }
    let prefix = sources.dropFirst().reduce(first[...]) { $0.commonPrefix(with: $1) }
    let rest = sources.map { String($0.dropFirst(prefix.count).reversed()) }
    let suffix = rest.dropFirst().reduce(rest[0][...]) { $0.commonPrefix(with: $1) }
    return "\(prefix)*\(String(suffix.reversed()))"
  }
}

extension Substring {
  fileprivate func commonPrefix(with other: String) -> Substring {
    prefix(zip(self, other).prefix { $0 == $1 }.count)
  }
}
