#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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
    self.classNames = try classNames.map(Self.checked) ?? Self.numbers(through: highest)
    let classCount = self.classNames.count
    if let index = labels.firstIndex(where: { Int($0) >= classCount }) {
      throw .labelOutOfRange(labelPath, index: index, label: Int(labels[index]), classCount: classCount)
    }
  }

  /// Writes `<class>/NNNNN.png` into a folder that is not there yet, each named by its place in the file of
  /// images. The folder appears when all of it is written, or not at all.
  public func write(to folder: String) throws(IDXError) {
    guard access(folder, F_OK) != 0 else { throw .outputExists(folder) }
    let temporary = "\(folder).\(getpid()).partial"
    do throws(IDXError) {
      try Self.makeFolders(above: folder)
      try Self.make(temporary)
      for name in classNames { try Self.make("\(temporary)/\(name)") }
      try writeImages(into: temporary)
      guard rename(temporary, folder) == 0 else { throw .unwritable(folder, FileError(errno: errno)) }
    } catch {
      remove(temporary)
      throw error
    }
  }

  private func writeImages(into folder: String) throws(IDXError) {
    let digits = max(5, String(count - 1).count)
    let failures = Parallel.map(count: count) { index -> IDXError? in
      let number = String(index)
      let name = String(repeating: "0", count: digits - number.count) + number
      let path = "\(folder)/\(classNames[Int(labels[index])])/\(name).png"
      do throws(FileError) {
        try Self.write(image(index), to: path)
        return nil
      } catch {
        return .unwritable(path, error)
      }
    }
    if let first = failures.lazy.compactMap({ $0 }).first { throw first }
  }

  private func image(_ index: Int) -> PNGImage {
    let pixelCount = size.width * size.height
    let start = images.elements.startIndex + index * pixelCount
    return PNGImage(
      width: size.width, height: size.height, channels: .gray,
      pixels: Array(images.elements[start..<(start + pixelCount)]))
  }

  /// Writes without waiting for the disk: the folder is made again from its source as easily as read.
  private static func write(_ image: PNGImage, to path: String) throws(FileError) {
    let bytes: [UInt8]
    do throws(PNGError) {
      bytes = try PNGEncoder.encode(image)
    } catch {
      throw FileError("\(error)")
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(errno: errno) }
    do throws(FileError) {
      try AtomicFile.writeAll(bytes, to: descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw FileError(errno: errno) }
  }

  private static func checked(_ names: [String]) throws(IDXError) -> [String] {
    var seen: Set<String> = []
    for name in names {
      guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), seen.insert(name).inserted else {
        throw .invalidClassName(name)
      }
    }
    return names
  }

  private static func numbers(through highest: Int) -> [String] {
    let digits = String(highest).count
    return (0...highest).map { label in
      String(repeating: "0", count: digits - String(label).count) + String(label)
    }
  }

  private static func makeFolders(above path: String) throws(IDXError) {
    var made = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/").dropLast() {
      made += "/\(component)"
      if !Folder.isFolder(made) { try make(made) }
    }
  }

  private static func make(_ path: String) throws(IDXError) {
    guard mkdir(path, 0o755) == 0 else { throw .unwritable(path, FileError(errno: errno)) }
  }

  /// Removes what a failure has left.
  private func remove(_ folder: String) {
    for name in classNames {
      let path = "\(folder)/\(name)"
      for file in (try? Folder(listing: path))?.files ?? [] { unlink("\(path)/\(file)") }
      rmdir(path)
    }
    rmdir(folder)
  }
}
