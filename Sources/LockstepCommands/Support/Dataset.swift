import Lockstep
import LockstepData

/// How a data set is read.
typealias DatasetOptions = ImageFolder.Options

/// The data set of a command.
enum Dataset {
  /// How many skipped files are named.
  private static let namedFileLimit = 5

  /// Reads a folder, and tells of the files that could not be used.
  static func load(
    _ path: String, _ options: DatasetOptions, report: (String) -> Void
  ) throws(DatasetError) -> ImageFolder {
    let data = try ImageFolder.load(path, options: options)
    if !data.skipped.isEmpty {
      report("skipped \(data.skipped.count) files that are no good PNG (--strict makes them an error):")
      for file in data.skipped.prefix(namedFileLimit) { report("  \(file)") }
      if data.skipped.count > namedFileLimit {
        report("  and \(data.skipped.count - namedFileLimit) more")
      }
    }
    return data
  }

  /// What a run record says of a data set.
  static func describe(
    _ data: ImageFolder, path: String, validationSplit: Double?
  ) -> RunRecord.Dataset {
    RunRecord.Dataset(
      path: path, digest: "\(data.digest)", classNames: data.train.classNames, trainCount: data.train.count,
      testCount: data.test.count, skippedCount: data.skipped.count, validationSplit: validationSplit)
  }
}

extension DatasetOptions {
  /// The options that give a run's images again.
  init(_ record: RunRecord, isStrict: Bool) {
    let shape = record.model.inputShape
    self.init(isStrict: isStrict)
    channels = PNGImage.Channels(rawValue: shape[2])
    resize = ImageSize(width: shape[1], height: shape[0])
    validationSplit = record.dataset.validationSplit
  }
}
