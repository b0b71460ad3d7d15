import Lockstep

/// One of the two backends of `diff`, with its settings: `NAME[@CPU][/TRANSLATOR]`.
struct BackendSide {
  private let selection: BackendSelection
  private let isaLevel: String?

  /// The two sides of a list.
  ///
  /// - Throws: ``UsageError`` for an unknown name, a setting that the backend doesn't have, or if there are not
  ///   two of them.
  static func pair(_ list: String, threads: Int?) throws -> (first: BackendSide, second: BackendSide) {
    let names = list.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
    guard names.count == 2, !names.contains("") else {
      let count = names.filter { !$0.isEmpty }.count
      throw UsageError("--backends takes two names, such as native,control-x86, not \(count): '\(list)'")
    }
    return (try BackendSide(names[0], threads: threads), try BackendSide(names[1], threads: threads))
  }

  /// Reads a side.
  init(_ text: String, threads: Int?) throws {
    // A translator's path may have any character, so it comes last.
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let names = parts[0].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    let choice = try BackendChoice(named: names[0])
    let cpu = names.count > 1 ? names[1] : nil
    let isWorker = choice.defaultProfile != nil
    if parts.count > 1, choice.defaultTranslator == nil {
      throw UsageError("'\(text)': \(choice.rawValue) is not translated")
    }
    if cpu != nil, choice == .reference {
      throw UsageError("'\(text)': the reference is the same on every CPU")
    }
    isaLevel = isWorker ? nil : try cpu.map { try Self.level($0) }
    var options = BackendOptions()
    options.backend = choice.rawValue
    options.threads = threads
    options.translator = parts.count > 1 ? parts[1] : nil
    options.cpuProfile = isWorker ? cpu : nil
    selection = try BackendSelection(options)
  }

  /// Starts the backend.
  func makeBackend() throws -> any Backend {
    guard let isaLevel else { return try selection.makeBackend() }
    return try NativeBackend(threads: selection.threads, isaLevel: isaLevel)
  }

  /// Whether a binary translator makes it slow.
  var isTranslated: Bool { selection.translator != nil }

  private static func level(_ name: String) throws -> String {
    let known = NativeBackend.availableISALevels
    guard known.contains(name) else {
      throw UsageError(
        "'native@\(name)': this CPU has no such instruction-set level; it has \(known.joined(separator: ", "))"
      )
    }
    return name
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
