import ArgumentParser

/// The options of `diff`.
///
/// Numbers are parsed unconditionally: `--steps -1` is to hear of the -1, not of a missing value.
struct DiffOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The two backends, such as native,control-x86; the training goes by the first one's numbers.",
      valueName: "a,b"))
  var backends: String

  @OptionGroup var subject: SubjectOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many steps are computed. (default: 25)", valueName: "number"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many epochs are computed, instead of steps.", valueName: "number"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many steps are held against the exact results, which takes most of the time; at least the first.",
      valueName: "number"))
  var judgeSteps = 20

  @OptionGroup var step: StepOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Initial weights, order and dropout are a function of it.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that compute; results don't depend on it. (default: all cores)", valueName: "number"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("Write a report that opens in a browser.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Flag(help: "Print what was found as JSON on standard output and nothing else there.")
  var json = false

  @Flag(help: "Print only the verdict, or the JSON.")
  var quiet = false

  @OptionGroup var faults: FaultOptions
}
