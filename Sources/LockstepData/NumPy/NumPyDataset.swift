import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ImageFolder {
  /// The names of the arrays in a data set's `.npz` file: Keras's, and the classes'.
  fileprivate static func names(of split: Split) -> (images: String, labels: String) {
    ("x_\(split)", "y_\(split)")
  }
  fileprivate static let classNamesArray = "class_names"

  /// Writes all images as a `.npz` file, as Keras's data sets come: `x_train` and `x_test` of uint8
  /// `[count, height, width]`, or `[count, height, width, channels]` if there is more than one channel; `y_train`
  /// and `y_test` of int64 `[count]`; `class_names`, the texts the labels stand for. `np.load` reads it without
  /// pickle.
  public func writeNPZ(to file: String) throws(NumPyError) {
    var writer = NumPyArchiveWriter()
    for part in [train, test] {
      let size = [part.count, part.height, part.width] + (part.channels > 1 ? [part.channels] : [])
      let names = Self.names(of: part.split)
      writer.add(names.images, NumPyArray(spec: TensorSpec(Shape(size), .uint8), bytes: part.images))
      writer.add(names.labels, NumPyArray(part.labels.map { Int64($0) }))
    }
    writer.add(Self.classNamesArray, train.classNames)
    try writer.write(to: file)
  }
}

/// A `.npz` file of images and labels, such as Keras's `mnist.npz`, on the way into a folder of PNG files.
public struct NumPyDatasetImport: Sendable {
  /// The class folders, in the order of the labels.
  public let classNames: [String]
  private let file: String
  private let parts: [(split: Split, images: NumPyArray, labels: [Int])]

  /// The number of images to train on, and to test on.
  public var counts: (train: Int, test: Int) { (parts[0].labels.count, parts[1].labels.count) }

  /// Reads and checks a file with `x_train`, `y_train`, `x_test` and `y_test`: uint8 images `[count, height, width]`
  /// or `[count, height, width, channels]`, labels of any integer type.
  ///
  /// - Parameter classNames: the folder of each label's images; nil for the file's `class_names`, or without such an
  ///   array for the labels themselves.
  public init(file: String, classNames: [String]? = nil) throws(NumPyError) {
    self.file = file
    let archive = try NumPyArchive(file: file)
    var parts: [(split: Split, images: NumPyArray, labels: [Int])] = []
    for split in Split.allCases {
      let names = ImageFolder.names(of: split)
      let images = try archive.array(named: names.images)
      guard images.spec.dtype == .uint8, (3...4).contains(images.spec.shape.rank),
        images.spec.shape.count > 0,
        Self.channels(of: images) != nil
      else {
        throw NumPyError(
          "\(file): \(names.images) is \(images.spec); images are uint8 [count, height, width] or "
            + "[count, height, width, 1, 3 or 4]")
      }
      let labels = try Self.labels(archive.array(named: names.labels), "\(file): \(names.labels)")
      guard labels.count == images.spec.shape[0] else {
        throw NumPyError(
          "\(file) has \(images.spec.shape[0]) images in \(names.images), \(labels.count) labels")
      }
      parts.append((split, images, labels))
    }
    self.parts = parts
    self.classNames = try Self.classNames(classNames, archive, parts.flatMap(\.labels), file)
  }

  /// Writes `train/<class>/NNNNN.png` and `test/<class>/NNNNN.png` into a folder that is not there yet. The folder
  /// appears when all of it is written, or not at all.
  public func write(to folder: String) throws(ImageFolderWriteError) {
    guard access(folder, F_OK) != 0 else { throw .exists(folder) }
    let temporary = "\(folder).\(getpid()).partial"
    do throws(ImageFolderWriteError) {
      for (split, images, labels) in parts {
        let shape = images.spec.shape
        try ImageFolderWriter(
          classNames: classNames, labels: labels, size: ImageSize(width: shape[2], height: shape[1]),
          channels: Self.channels(of: images)!, pixels: images.bytes[...]
        ).write(to: "\(temporary)/\(split)")
      }
      guard rename(temporary, folder) == 0 else { throw .unwritable(folder, FileError(errno: errno)) }
    } catch {
      for split in Split.allCases { ImageFolderWriter.remove("\(temporary)/\(split)", classNames) }
      rmdir(temporary)
      throw error
    }
  }

  private static func channels(of images: NumPyArray) -> PNGImage.Channels? {
    PNGImage.Channels(rawValue: images.spec.shape.rank == 4 ? images.spec.shape[3] : 1)
  }

  /// Labels as whole numbers; Keras's are `[count]` or `[count, 1]`.
  private static func labels(_ array: NumPyArray, _ place: String) throws(NumPyError) -> [Int] {
    let shape = array.spec.shape
    guard array.spec.dtype.isInteger, shape.rank == 1 || (shape.rank == 2 && shape[1] == 1) else {
      throw NumPyError("\(place) is \(array.spec); labels are whole numbers [count]")
    }
    let size = array.spec.dtype.byteCount
    let labels = stride(from: 0, to: array.bytes.count, by: size).map { start in
      let word = array.bytes[start..<(start + size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      // Narrow negative numbers come out large, and so are refused too.
      return Int(truncatingIfNeeded: word)
    }
    guard let index = labels.firstIndex(where: { !(0..<10_000).contains($0) }) else { return labels }
    throw NumPyError("\(place) has the label \(labels[index]) at \(index); labels are from 0 to 9999")
  }

  private static func classNames(
    _ given: [String]?, _ archive: NumPyArchive, _ labels: [Int], _ file: String
  ) throws(NumPyError) -> [String] {
    let array = ImageFolder.classNamesArray
    var known = given
    if known == nil, archive.names.contains(array) { known = try archive.texts(named: array) }
    let names = known ?? ImageFolderWriter.numbers(through: labels.max() ?? 0)
    do throws(ImageFolderWriteError) {
      _ = try ImageFolderWriter.checked(names)
    } catch {
      throw NumPyError("\(file): \(error)")
    }
    if let label = labels.first(where: { $0 >= names.count }) {
      throw NumPyError("\(file) has the label \(label), but names for 0 to \(names.count - 1) alone")
    }
    return names
  }
}
