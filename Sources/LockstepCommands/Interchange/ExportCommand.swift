public import ArgumentParser
import Lockstep
import LockstepInterchange
import LockstepTraining

/// `lockstep export RUN --onnx FILE`.
public struct ExportCommand: ParsableCommand {
  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a trained model as ONNX, or a run's metrics as JSON.",
    discussion: """
      The ONNX graph is the one PyTorch would export of the same net: any number of images [batch, channels, height, \
      width] with samples from 0 to 1 as 'input', and 'logits', of which the softmax are probabilities.

        lockstep export runs/w1 --onnx w1.onnx

      Metrics are a JSON object a line, a line a step and, with "kind": "epoch", a line an epoch.
      """)

  @Argument(help: ArgumentHelp("A run, or a safetensors file.", valueName: "source"), completion: .file())
  var source: String

  @Option(
    help: ArgumentHelp("Write the model as ONNX.", valueName: "file"),
    completion: .file(extensions: ["onnx"]))
  var onnx: String?

  @Option(
    help: ArgumentHelp(
      "Images are [batch, channels, height, width], nchw, or [batch, height, width, channels], nhwc. (default: nchw)",
      valueName: "layout"))
  var layout: ImageLayout?

  @Option(
    help: ArgumentHelp("Write the run's metrics as lines of JSON.", valueName: "file"),
    completion: .file(extensions: ["jsonl"]))
  var metricsJSONL: String?

  @OptionGroup var subject: InterchangeOptions

  @OptionGroup var written: WrittenFilesOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    guard onnx != nil || metricsJSONL != nil else {
      throw UsageError("say what to write: --onnx, --metrics-jsonl")
    }
    guard onnx != nil || layout == nil else { throw UsageError("--layout goes with --onnx") }
    for file in [onnx, metricsJSONL] { try file.map(OutputFile.check) }
    // All is read and put together before anything is written.
    let model = try onnx.map { ($0, try exported()) }
    var files: [WrittenFile] = []
    if let metricsJSONL {
      let metrics = try MetricsLines(of: RunFolder(source))
      try OutputFile.write(metrics.text, to: metricsJSONL)
      files.append(
        WrittenFile(path: metricsJSONL, content: "\(metrics.count) lines", counts: ["lines": metrics.count]))
    }
    if let (file, model) = model {
      try model.write(to: file)
      let count = model.fileContents.count
      files.append(
        WrittenFile(path: file, content: "an ONNX model, \(count) bytes", counts: ["bytes": count]))
    }
    try written.write(files)
  }

  private func exported() throws -> ONNXModel {
    let subject = try InterchangeSubject(source, subject)
    let weights = try subject.readWeights()
    do {
      try weights.check(for: subject.model.state)
    } catch {
      throw CommandFailure("\(subject.weightsFile): \(error)")
    }
    return try ONNXModel(
      of: subject.model, input: subject.input, weights: weights, normalization: subject.normalization,
      name: subject.name,
      layout: (layout ?? .nchw).layout,
      metadata: [
        "class_names": subject.classNames.joined(separator: ","), "weights_digest": "\(weights.digest)",
      ])
  }
}

/// How images are given to an exported model.
enum ImageLayout: String, ExpressibleByArgument, CaseIterable {
  case nchw, nhwc

  var layout: ONNXModel.Layout { self == .nchw ? .nchw : .nhwc }
}
