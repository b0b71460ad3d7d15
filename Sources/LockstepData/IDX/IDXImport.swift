/// Images and labels in the IDX format, as MNIST and Fashion-MNIST come, on the way into a folder of PNG files.
///
/// ```swift
/// let digits = try IDXImport(images: "train-images.gz", labels: "train-labels.gz")
/// try digits.write(to: "datasets/mnist/train")
/// ```
public struct IDXImport: Sendable {
  /// The class folders, in the order of the labels.
  public let classNames: [String]
  private let images: IDXArray
  private let labels: [UInt8]

  /// The number of images.
  public var count: Int { labels.count }
  /// The size of every image.
  public var size: ImageSize { ImageSize(width: images.dimensions[2], height: images.dimensions[1]) }

  /// Reads and checks both files, plain or in gzip.
  ///
  /// - Parameter classNames: the folder of each label's images; nil for the labels themselves, with leading
  ///   zeros where the highest has more than one digit, so that folders sort as labels do.
  public init(
    images imagePath: String, labels labelPath: String, classNames: [String]? = nil
  ) throws(IDXError) {
    images = try IDXArray(.images, contentsOf: imagePath)
    labels = Array(try IDXArray(.labels, contentsOf: labelPath).elements)
    guard images.dimensions[0] == labels.count else {
      throw .countsDiffer(
        images: imagePath, imageCount: images.dimensions[0], labels: labelPath, labelCount: labels.count)
    }
    let highest = Int(labels.max() ?? 0)
    do throws(ImageFolderWriteError) {
      self.classNames =
        try classNames.map(ImageFolderWriter.checked) ?? ImageFolderWriter.numbers(through: highest)
    } catch {
      throw .output(error)
    }
    let classCount = self.classNames.count
    if let index = labels.firstIndex(where: { Int($0) >= classCount }) {
      throw .labelOutOfRange(labelPath, index: index, label: Int(labels[index]), classCount: classCount)
    }
  }

  /// Writes `<class>/NNNNN.png` into a folder that is not there yet, each named by its place in the file of
  /// images. The folder appears when all of it is written, or not at all.
  public func write(to folder: String) throws(IDXError) {
    do throws(ImageFolderWriteError) {
      try ImageFolderWriter(
        classNames: classNames, labels: labels.map(Int.init), size: size, channels: .gray,
        pixels: images.elements
      ).write(to: folder)
    } catch {
      throw .output(error)
    }
  }
}
