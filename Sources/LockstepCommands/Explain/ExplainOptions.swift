import ArgumentParser

/// The options of `explain`.
///
/// Numbers are parsed unconditionally: `--seeds -1` is to hear of the -1, not of a missing value.
struct ExplainOptions: ParsableArguments {
  @OptionGroup var subject: SubjectOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many seeds are trained on every backend.", valueName: "number"))
  var seeds = 3

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long it may take, such as 90s, 5m or 1h.", valueName: "time"))
  var budget = "5m"

  @Option(
    help: ArgumentHelp(
      "What translates: qemu, valgrind, box64, fex, rosetta, or a path with arguments. (default: qemu, and valgrind beside it)",
      valueName: "name"), completion: .translators)
  var translator: String?

  @Option(
    help: ArgumentHelp(
      "The CPU shown to workers: rosetta2-launch, core2, avx2, neoverse-n1. (default: rosetta2-launch)",
      valueName: "name"), completion: .cpuProfiles)
  var cpuProfile: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that compute; results don't depend on it. (default: all cores)", valueName: "number"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The report's folder, new or empty. (default: runs/explain-<time>)", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(help: "Print all figures as JSON on standard output and nothing else there.")
  var json = false

  @Flag(help: "Print only errors, and the figures under --json.")
  var quiet = false
}
