public import ArgumentParser
import Lockstep
import LockstepData

/// `lockstep dataset verify DATA`.
public struct DatasetVerifyCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check that a folder of images is what it was, and whole.",
    discussion: """
      Every file must be a good PNG, and classes, labels and pixels those of a digest: one that is given, or that a \
      run recorded. With --no-leaks no test image may be a training image, too. The exit code is 1 if something is \
      wrong.

        lockstep dataset verify datasets/digits --run runs/digits-cnn-20260101T120000
      """)

  @OptionGroup var source: DatasetArgument

  @Option(
    help: ArgumentHelp("The digest it must have, as `lockstep dataset info` prints it.", valueName: "sha256"))
  var digest: String?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp(
      "A run that recorded the digest; images are read as they were for it.", valueName: "run"))
  var runPath: String?

  @Flag(help: "A test image that is a training image, too, is an error.")
  var noLeaks = false

  @OptionGroup var reading: DatasetReadingOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// What contradicts itself is said before anything is read.
  public func validate() throws {
    if digest != nil && runPath != nil {
      throw ValidationError("the digest is given by --digest or by --run, not by both")
    }
    let isHexadecimal = digest.map { $0.count == 64 && $0.allSatisfy(\.isHexDigit) } ?? true
    if !isHexadecimal { throw ValidationError("--digest takes 64 hexadecimal digits") }
  }

  /// Does what the command says.
  public func run() throws {
    let record = try runPath.map { try RunRecord(in: RunFolder($0)) }
    // Skipped files are to be listed, not to end the check.
    var options = try record.map { DatasetOptions($0, isStrict: false) } ?? reading.images.datasetOptions()
    (options.isStreamed, options.isStrict) = (reading.stream, false)
    let facts = try DatasetFacts(try ImageFolder.load(source.data, options: options), path: source.data)
    let wanted = record?.dataset.digest ?? digest?.lowercased()
    let verdict = Verdict(facts, wantedDigest: wanted, forbidsLeaks: noLeaks)
    let terminal = Terminal.standardOutput
    try terminal.writeResult(reading.printing.json ? JSON.encode(verdict) : text(verdict, facts, terminal))
    if let problem = verdict.problems.first { throw CommandFailure("\(source.data): \(problem)") }
  }

  private func text(_ verdict: Verdict, _ facts: DatasetFacts, _ terminal: Terminal) -> String {
    var lines = Facts(terminal)
    lines.add("data", "\(source.data): \(facts.counts)")
    let origin = runPath.map { " as \($0) recorded it" } ?? " as it was given"
    lines.add(
      "digest",
      facts.digest + (verdict.isDigestRight.map { $0 ? "," + origin : ", not" + origin } ?? ", not compared"))
    for (index, line) in facts.fileLines.enumerated() { lines.add(index == 0 ? "files" : "", line) }
    for (index, line) in facts.repeatLines.enumerated() { lines.add(index == 0 ? "repeats" : "", line) }
    lines.add("verdict", verdict.problems.isEmpty ? "good" : verdict.problems.joined(separator: "; "))
    return lines.text
  }
}

/// Whether a data set is good, and what is wrong with it.
private struct Verdict: Encodable {
  let isGood: Bool
  let problems: [String]
  let digest: String
  let wantedDigest: String?
  let isDigestRight: Bool?
  let skipped: [DatasetFacts.Unusable]
  let leaks: [DatasetFacts.Repeat]

  init(_ facts: DatasetFacts, wantedDigest: String?, forbidsLeaks: Bool) {
    digest = facts.digest
    self.wantedDigest = wantedDigest
    isDigestRight = wantedDigest.map { $0 == facts.digest }
    (skipped, leaks) = (facts.skipped, facts.leaks)
    var problems: [String] = []
    if isDigestRight == false { problems.append("classes, labels or pixels are not those of the digest") }
    if let first = skipped.first {
      problems.append(
        "\(skipped.count) unusable \(skipped.count == 1 ? "file" : "files"), first \(first.path)")
    }
    if forbidsLeaks, let first = leaks.first {
      problems.append(
        "\(leaks.count) of the test images \(leaks.count == 1 ? "is" : "are") trained on, first \(first.image)"
      )
    }
    self.problems = problems
    isGood = problems.isEmpty
  }
}
