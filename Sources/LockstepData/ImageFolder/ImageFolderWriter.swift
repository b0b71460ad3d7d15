#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Labelled images of one size on the way into a folder of PNG files.
struct ImageFolderWriter: Sendable {
  /// The class folders, in the order of the labels.
  let classNames: [String]
  /// The class of each image.
  let labels: [Int]
  let size: ImageSize
  let channels: PNGImage.Channels
  /// The images one after the other, row by row.
  let pixels: ArraySlice<UInt8>

  /// Writes `<class>/NNNNN.png` into a folder that is not there yet, each named by its place among the images. The
  /// folder appears when all of it is written, or not at all.
  func write(to folder: String) throws(ImageFolderWriteError) {
    guard access(folder, F_OK) != 0 else { throw .exists(folder) }
    let temporary = "\(folder).\(getpid()).partial"
    do throws(ImageFolderWriteError) {
      try Self.makeFolders(above: folder)
      try Self.make(temporary)
      for name in classNames { try Self.make("\(temporary)/\(name)") }
      try writeImages(into: temporary)
      guard rename(temporary, folder) == 0 else { throw .unwritable(folder, FileError(errno: errno)) }
    } catch {
      Self.remove(temporary, classNames)
      throw error
    }
  }

  private func writeImages(into folder: String) throws(ImageFolderWriteError) {
    let digits = max(5, String(labels.count - 1).count)
    let failures = Parallel.map(count: labels.count) { index -> ImageFolderWriteError? in
      let name = Self.padded(index, to: digits)
      let path = "\(folder)/\(classNames[labels[index]])/\(name).png"
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
    let sampleCount = size.width * size.height * channels.rawValue
    let start = pixels.startIndex + index * sampleCount
    return PNGImage(
      width: size.width, height: size.height, channels: channels,
      pixels: Array(pixels[start..<(start + sampleCount)]))
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

  /// The names, if each can be a folder of its own.
  static func checked(_ names: [String]) throws(ImageFolderWriteError) -> [String] {
    var seen: Set<String> = []
    for name in names {
      guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), seen.insert(name).inserted else {
        throw .invalidClassName(name)
      }
    }
    return names
  }

  /// Labels as names, with leading zeros where the highest has more than one digit, so that folders sort as they do.
  static func numbers(through highest: Int) -> [String] {
    let digits = String(highest).count
    return (0...highest).map { padded($0, to: digits) }
  }

  private static func padded(_ number: Int, to digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  private static func makeFolders(above path: String) throws(ImageFolderWriteError) {
    var made = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/").dropLast() {
      made += "/\(component)"
      if !Folder.isFolder(made) { try make(made) }
    }
  }

  static func make(_ path: String) throws(ImageFolderWriteError) {
    guard mkdir(path, 0o755) == 0 else { throw .unwritable(path, FileError(errno: errno)) }
  }

  /// Removes what a failure has left.
  static func remove(_ folder: String, _ classNames: [String]) {
    for name in classNames {
      let path = "\(folder)/\(name)"
      for file in (try? Folder(listing: path))?.files ?? [] { unlink("\(path)/\(file)") }
      rmdir(path)
    }
    rmdir(folder)
  }
}
