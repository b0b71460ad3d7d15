public import ArgumentParser
import Lockstep
import LockstepCore
import LockstepData
import LockstepReports

/// `lockstep dataset preview DATA --output FILE`.
public struct DatasetPreviewCommand: ParsableCommand {
  private static let pictureLimit = 400

  /// Name, summary and help.
  public static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Draw training images as a training with augmentation sees them.",
    discussion: """
      Images of all classes in turn, each as it is and as it is in the first epochs.

        lockstep dataset preview datasets/digits --crop 1 --rotate 15 --output sheet.png
      """)

  @OptionGroup var source: DatasetArgument

  @Option(
    help: ArgumentHelp("The file to draw, .svg or .png.", valueName: "file"),
    completion: .file(extensions: ["png", "svg"]))
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many images. (default: one of each class)", valueName: "number"))
  var count: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many epochs. (default: 7)", valueName: "number"))
  var epochs: Int = 7

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The training's seed. (default: 0)", valueName: "number"))
  var seed: UInt64 = 0

  @OptionGroup var augmentation: AugmentationOptions

  @OptionGroup var images: ImageOptions

  @OptionGroup var written: WrittenFilesOptions

  /// Creates the command without its arguments, which the parser fills in.
  public init() {}

  /// What makes no sense is said before anything is read.
  public func validate() throws {
    if let count, count < 1 { throw ValidationError("--count must be at least 1, not \(count)") }
    if !(0...Self.pictureLimit).contains(epochs) {
      throw ValidationError("--epochs must be from 0 to \(Self.pictureLimit), not \(epochs)")
    }
    if augmentation.classWeights != nil {
      throw ValidationError("--class-weights changes no image: leave it out")
    }
  }

  /// Does what the command says.
  public func run() throws {
    try ReportFile.checkPlot(output)
    try OutputFile.check(output)
    let settings = augmentation.augmentation(over: Augmentation())
    if let problem = settings.problem { throw UsageError(problem) }
    let train = try Dataset.load(
      source.data, try images.datasetOptions(), report: Terminal.standardError.write
    )
    .train
    let normalization = try (augmentation.normalize ?? .none).resolved(for: train)
    let problem =
      settings.problem(height: train.height, width: train.width)
      ?? normalization?.problem(channels: train.channels)
    if let problem { throw UsageError(problem) }
    let chosen = train.firstOfEachClass(count: count ?? train.classNames.count)
    guard chosen.count * (epochs + 1) <= Self.pictureLimit else {
      throw UsageError(
        "\(chosen.count) images in \(epochs) epochs are more than \(Self.pictureLimit) pictures")
    }
    let preview = AugmentationPreview(
      train, BatchPreparation(augmentation: settings, normalization: normalization, seed: seed))
    try ReportFile.write(try preview.sheet(of: chosen, epochs: epochs, title: source.data), to: output)
    try written.write([
      WrittenFile(
        path: output, content: "\(chosen.count) images, \(settings)", counts: ["images": chosen.count])
    ])
  }
}

/// Pictures of what a preparation makes of images.
private struct AugmentationPreview {
  private let dataset: ImageDataset
  private let preparation: BatchPreparation

  init(_ dataset: ImageDataset, _ preparation: BatchPreparation) {
    (self.dataset, self.preparation) = (dataset, preparation)
  }

  /// A row of pictures for each image. Of images that are mixed, these are mixed with each other.
  func sheet(of images: [Int], epochs: Int, title: String) throws -> ContactSheet {
    let original = try dataset.batch(of: images)
    let batches = try (0..<epochs).map { epoch in
      try preparation.batch(of: images, from: dataset, epoch: epoch, number: 0)
    }
    let items = images.indices.flatMap { place in
      let name = dataset.classNames[Int(original.labels[place])]
      return [ContactSheet.Item(picture(original, place, nil), caption: name, detail: "as it is")]
        + batches.enumerated().map { epoch, batch in
          let other = batch.mixture.map { mixture in
            let share = NumberFormat.fixed(Double(1 - mixture.share) * 100, 0)
            return ", \(share) % \(dataset.classNames[Int(mixture.labels[place])])"
          }
          return ContactSheet.Item(
            picture(batch, place, preparation.normalization), caption: name,
            detail: "epoch \(epoch + 1)\(other ?? "")")
        }
    }
    return ContactSheet(
      "Training images of \(title)",
      summary:
        "With \(preparation.augmentation), seed \(preparation.seed). What is measured on is never varied.",
      items: items)
  }

  private func picture(_ batch: HostBatch, _ place: Int, _ normalization: Normalization?) -> PNGImage {
    let (size, channels) = (dataset.imageSize, dataset.channels)
    let bytes = (0..<size).map { offset in
      var sample = Double(batch.pixels[place * size + offset])
      if let normalization {
        let channel = offset % channels
        sample = sample * normalization.standardDeviation[channel] + normalization.mean[channel]
      }
      return UInt8((min(1, max(0, sample)) * 255).rounded())
    }
    return PNGImage(
      width: dataset.width, height: dataset.height,
      channels: PNGImage.Channels(rawValue: channels) ?? .gray, pixels: bytes)
  }
}

extension ImageDataset {
  /// The first image of every class, then the second of every class, and so on.
  fileprivate func firstOfEachClass(count wanted: Int) -> [Int] {
    var ranks = [Int](repeating: 0, count: classNames.count)
    let ranked = labels.indices.map { index in
      let label = Int(labels[index])
      ranks[label] += 1
      return (rank: ranks[label], label: label, index: index)
    }
    return ranked.sorted { ($0.rank, $0.label) < ($1.rank, $1.label) }.prefix(wanted).map(\.index)
  }
}
