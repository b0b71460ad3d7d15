public import ArgumentParser
import Lockstep
import LockstepData
import LockstepTraining

/// `lockstep convert SOURCE --to pytorch OUTPUT`.
public struct ConvertCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Turn weights into a PyTorch state dict, or back.",
    discussion: """
      A state dict is a safetensors file with PyTorch's names and layouts, which load_state_dict takes for the same \
      net as an nn.Sequential, an activation being a module of its own:

        lockstep convert runs/w1 --to pytorch w1.safetensors
        lockstep convert w1.safetensors --from pytorch --model runs/w1 w.safetensors

      Modules that are called something else are named by a file of lines such as 'layers.0 conv1'.
      """)

  @Argument(help: ArgumentHelp("A run, or a safetensors file.", valueName: "source"), completion: .file())
  var source: String

  @Argument(
    help: ArgumentHelp("The file to write; one that is there is replaced.", valueName: "output"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: ArgumentHelp("What to write: pytorch.", valueName: "format"))
  var to: StateDictFormat?

  @Option(help: ArgumentHelp("What to read: pytorch.", valueName: "format"))
  var from: StateDictFormat?

  @OptionGroup var subject: InterchangeOptions

  @Option(
    help: ArgumentHelp("What the net in PyTorch calls its modules.", valueName: "file"),
    completion: .file())
  var names: String?

  @OptionGroup var written: WrittenFilesOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    guard (to == nil) != (from == nil) else {
      throw UsageError("say which way: --to pytorch, or --from pytorch")
    }
    try OutputFile.check(output)
    let names = try self.names.map { try PyTorchNames(file: $0) } ?? PyTorchNames()
    let subject = try InterchangeSubject(source, subject)
    let layout = try PyTorchLayout(of: subject.model, input: subject.input, names: names)
    let bytes: [UInt8]
    let count: Int
    let weights = try subject.readWeights()
    do {
      if to != nil {
        try weights.check(for: subject.model.state)
        let entries = try layout.stateDict(of: weights)
        bytes = Safetensors.encode(entries, metadata: ["format": "pt"])
        count = entries.count
      } else {
        let converted = try layout.weights(fromStateDict: weights.entries, for: subject.model.state)
        bytes = converted.fileContents
        count = converted.entries.count
      }
    } catch {
      throw CommandFailure("\(subject.weightsFile): \(error)")
    }
    try OutputFile.write(bytes, to: output)
    if to != nil, let normalization = subject.normalization {
      // The layers alone are PyTorch's; what is done to images before is not in a state dict.
      Terminal.standardError.write("note: the net wants images that are normalised: \(normalization)")
    }
    let kind = to == nil ? "weights for Lockstep" : "a state dict for PyTorch"
    try written.write([
      WrittenFile(path: output, content: "\(kind), \(count) tensors", counts: ["tensors": count])
    ])
  }
}

/// Whose state dict.
enum StateDictFormat: String, ExpressibleByArgument, CaseIterable {
  case pytorch
}
