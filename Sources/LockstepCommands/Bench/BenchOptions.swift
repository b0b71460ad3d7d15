import ArgumentParser

/// The options of `bench`.
///
/// Numbers are parsed unconditionally: `--rounds -1` is to hear of the -1, not of a missing value.
struct BenchOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("What to measure: ops, train or seeds.", valueName: "suite"),
    completion: .list(["ops", "train", "seeds"]))
  var suite: String

  @Option(
    help: ArgumentHelp(
      "What computes: native, reference, control-x86, emulated-x86, emulated-arm64. (default: native)",
      valueName: "name"), completion: .backends)
  var backend: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that compute; with commas between, one after the other. (default: all cores)",
      valueName: "numbers"))
  var threads: String?

  @Option(
    help: ArgumentHelp(
      "What translates for emulated-…: qemu, valgrind, box64, fex, rosetta, or a path with arguments. (default: qemu)",
      valueName: "name"), completion: .translators)
  var translator: String?

  @Option(
    help: ArgumentHelp("The CPU shown to control-… and emulated-…; as for `train`.", valueName: "name"),
    completion: .cpuProfiles)
  var cpuProfile: String?

  @Option(
    help: ArgumentHelp(
      "For train: a model, a YAML file. (default: w1, digits-cnn and resnet8 of models/)",
      valueName: "file"), completion: .modelFile)
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The model's images, such as 32x32x3. (default: what its file says)", valueName: "size"))
  var image: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "For train: images a step, with commas between. (default: 1,64,128)", valueName: "numbers"))
  var batchSize: String?

  @Flag(help: "For train: how the time an image grows with the batch, from 1 to 1024.")
  var growth = false

  @Option(help: ArgumentHelp("Measure what has this in its name; see --list.", valueName: "text"))
  var filter: String?

  @Flag(help: "Print the names of the benchmarks, and measure nothing.")
  var list = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long all may take, such as 90s, 5m or 1h.", valueName: "time"))
  var budget = "60s"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How often every benchmark is taken up; its samples are put together.", valueName: "number"))
  var rounds = 3

  @Option(
    help: ArgumentHelp("Compare with an earlier run, kept by --output or --json.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var compare: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A smaller change is never called a difference, in percent.", valueName: "number"))
  var margin = 3.0

  @Option(
    help: ArgumentHelp("Keep the run for --compare: a JSON file.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var output: String?

  @Flag(help: "Print the run as JSON on standard output and nothing else there.")
  var json = false

  @Option(help: .hidden)
  var firstCall: String?
}
