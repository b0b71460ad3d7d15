/// Why a data set cannot be used: what is wrong, where, and what to do, in one line.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// The path does not exist or is not a folder.
  case folderNotFound(String)
  /// The system does not let us list the folder.
  case unreadableFolder(String, FileError)
  /// A folder without class folders.
  case emptyFolder(String)
  /// PNG files where class folders were expected.
  case imagesOutsideClasses(String)
  /// A class folder without PNG files.
  case noImages(folder: String)
  /// There is `train` but no `test`, or the other way round.
  case missingSplit(root: String, missing: Split)
  /// A single class: there is nothing to tell apart.
  case oneClass(folder: String, name: String)
  /// `train` and `test` have different classes.
  case classesDiffer(root: String, onlyInTrain: [String], onlyInTest: [String])
  /// A validation split outside (0, 1).
  case invalidValidationSplit(Double)
  /// A validation split was asked for, but the data set has its own test images.
  case validationSplitNotApplicable(root: String)
  /// A class of a single image cannot be split.
  case classTooSmall(folder: String)
  /// A file that is no good image, under `strict`.
  case badFile(SkippedFile)
  /// A file whose image is wanted again can't be read any more.
  case changedFile(SkippedFile)
  /// All files of a class were skipped.
  case noUsableImages(folder: String, fileCount: Int, first: SkippedFile)
  /// Images of different sizes, and no size to bring them to.
  case sizesDiffer(first: String, firstSize: ImageSize, other: String, otherSize: ImageSize)
  /// A size with a side below 1.
  case invalidResize(ImageSize)
  /// Not even the pixels of some images would fit in this machine's memory.
  case tooBigForMemory(byteCount: Int, memory: Int)

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .folderNotFound(let path):
      "no such folder: \(path)"
    case .unreadableFolder(let path, let error):
      "cannot list the folder \(path): \(error)"
    case .emptyFolder(let path):
      "no class folders in \(path): expected \(path)/<class>/*.png"
    case .imagesOutsideClasses(let path):
      "PNG files directly in \(path): put each into a folder named after its class"
    case .noImages(let folder):
      "no PNG files in \(folder): add some, or remove the folder"
    case .missingSplit(let root, let missing):
      "\(root) has a folder \(missing.other) but no \(missing): add \(root)/\(missing)/<class>/*.png, "
        + "or use \(root)/\(missing.other) with --validation-split"
    case .oneClass(let folder, let name):
      "only one class, \(name), in \(folder): a classifier needs two or more"
    case .classesDiffer(let root, let onlyInTrain, let onlyInTest):
      "train and test of \(root) must have the same classes: "
        + Self.difference(onlyInTrain: onlyInTrain, onlyInTest: onlyInTest)
    case .invalidValidationSplit(let fraction):
      "a validation split of \(fraction) is not between 0 and 1"
    case .validationSplitNotApplicable(let root):
      "\(root) has its own test folder: leave out --validation-split"
    case .classTooSmall(let folder):
      "only one image in \(folder): splitting off validation images needs two or more"
    case .badFile(let file):
      "\(file)"
    case .changedFile(let file):
      "\(file); it could be read when the data set was opened: put it back, or begin anew without it"
    case .noUsableImages(let folder, let fileCount, let first):
      "none of the \(fileCount) PNG files in \(folder) can be used; the first: \(first)"
    case .sizesDiffer(let first, let firstSize, let other, let otherSize):
      "images of different sizes: \(first) is \(firstSize), \(other) is \(otherSize); "
        + "use --resize \(firstSize) to bring all to one size"
    case .invalidResize(let size):
      "cannot resize to \(size): both sides must be at least 1"
    case .tooBigForMemory(let byteCount, let memory):
      "\(ImageFormat.leastCount) images need \(Self.gigabytes(byteCount)), this machine has \(Self.gigabytes(memory)): "
        + "use --resize with a smaller size"
    }
  }

  private static func difference(onlyInTrain: [String], onlyInTest: [String]) -> String {
    let sides = [("train", onlyInTrain), ("test", onlyInTest)]
    return sides.filter { !$0.1.isEmpty }
      .map { "only in \($0.0): \(listing($0.1))" }
      .joined(separator: "; ")
  }

  private static func listing(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }

  private static func gigabytes(_ byteCount: Int) -> String {
    let tenths = byteCount / 100_000_000
    return "\(tenths / 10).\(tenths % 10) GB"
  }
}

/// A file of a data set that was left out.
public struct SkippedFile: Sendable, Hashable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// Why it is no good image.
  public let reason: String

  /// Path and reason in one line.
  public var description: String { "\(path): \(reason)" }
}
