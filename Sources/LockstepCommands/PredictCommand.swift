public import ArgumentParser
import Lockstep
import LockstepCore
import LockstepData
import LockstepTraining

/// `lockstep predict RUN IMAGE…`.
public struct PredictCommand: ParsableCommand {
  /// How many classes are named for an image.
  private static let topCount = 3

  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Name the most likely classes of images.")

  @Argument(
    help: ArgumentHelp("The folder of a run, such as runs/digits-cnn-20260101T120000.", valueName: "run"))
  var runPath: String

  @Argument(help: ArgumentHelp("PNG files of the size the model was trained on.", valueName: "image"))
  var images: [String]

  @OptionGroup var options: RunOptions

  @Flag(help: "Bring images of another size to the model's.")
  var resize = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// Does what the command says.
  public func run() throws {
    let trained = try TrainedModel(runPath, options)
    var failures = 0
    var reports: [Prediction] = []
    let nameWidth = images.map(\.count).max() ?? 0
    for path in images {
      do {
        let prediction = try predict(path, trained)
        reports.append(prediction)
        if !json { try Terminal.standardOutput.writeResult(prediction.line(nameWidth)) }
      } catch let failure as CommandFailure {
        failures += 1
        Terminal.standardError.writeError("\(failure)")
      }
    }
    if json { try Terminal.standardOutput.writeResult(JSON.encode(reports)) }
    if failures > 0 { throw ExitCode(1) }
  }

  private func predict(_ path: String, _ trained: TrainedModel) throws -> Prediction {
    let shape = trained.record.model.inputShape
    let image = try read(path, height: shape[0], width: shape[1], channels: shape[2])
    let input = Tensor(
      image.pixels.map { Float($0) / 255 }, shape: Shape([1] + shape), on: trained.device)
    let probabilities = try predictProbabilities(trained.model, input)[0]
    let ranked = zip(trained.record.dataset.classNames, probabilities).sorted { $0.1 > $1.1 }
    return Prediction(
      image: path, classes: ranked.prefix(Self.topCount).map { .init(name: $0.0, probability: $0.1) })
  }

  private func read(_ path: String, height: Int, width: Int, channels: Int) throws -> PNGImage {
    guard let channels = PNGImage.Channels(rawValue: channels) else {
      throw CommandFailure("the model takes \(channels) channels, which no PNG has")
    }
    let image: PNGImage
    do {
      image = try PNGDecoder().decode(contentsOf: path, channels: channels)
    } catch {
      throw CommandFailure("\(path): \(error)")
    }
    let size = ImageSize(width: width, height: height)
    guard image.width != width || image.height != height else { return image }
    guard resize else {
      throw CommandFailure(
        "\(path) is \(image.width)x\(image.height), the model takes \(size); --resize brings it to that")
    }
    return image.resized(to: size)
  }
}

/// What `predict --json` prints for an image.
private struct Prediction: Encodable {
  struct Class: Encodable {
    let name: String
    let probability: Float
  }

  let image: String
  let classes: [Class]

  func line(_ nameWidth: Int) -> String {
    let parts = classes.map { "\($0.name) \(NumberFormat.fixed(Double($0.probability), 4))" }
    return NumberFormat.left(image, nameWidth) + "  " + parts.joined(separator: "   ")
  }
}
