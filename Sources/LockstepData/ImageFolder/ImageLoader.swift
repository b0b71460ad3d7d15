/// Opens the files of a scan, each once where possible: the first file's size and channels are taken for those
/// of all, and everything is decoded into its place at once. If a later file's header shows that this was
/// wrong, all pixels are read again.
///
/// Images that are to be streamed are looked at all the same, some at a time, for their digest and for files that
/// are no good.
struct ImageLoader {
  private typealias Decoded = (bytes: [UInt8], results: [PNGError?])

  private let decoder: PNGDecoder
  private let options: ImageFolder.Options
  private let classNames: [String]
  private let format: ImageFormat
  /// What was decoded already, by split, if it was decoded to the right format.
  private var decoded: [Split: Decoded] = [:]
  /// Whether pixels stay in their files.
  private let isStreamed: Bool

  /// Reads all headers and decides on the size and channels of all images.
  init(_ scan: FolderScan, _ options: ImageFolder.Options) throws(DatasetError) {
    let decoder = PNGDecoder(pixelLimit: options.pixelLimit)
    self.decoder = decoder
    self.options = options
    classNames = scan.classNames
    let files = scan.train + scan.test
    let guess = options.isStreamed ? nil : Self.guess(files, options, decoder)
    var headers: [Result<PNGHeader, PNGError>] = []
    if let guess {
      let reader = ImageReader(decoder: decoder, format: guess, isResizing: options.resize != nil)
      for (split, files) in [(Split.train, scan.train), (.test, scan.test)] {
        let (images, outcomes) = Parallel.fill(count: files.count, slotSize: guess.byteCount) { index, slot in
          reader.read(files[index].path, into: slot)
        }
        headers += outcomes.map(\.header)
        decoded[split] = (images, outcomes.map(\.error))
      }
    } else {
      headers = Parallel.map(count: files.count) { index in
        Result { () throws(PNGError) in try decoder.header(ofFile: files[index].path) }
      }
    }
    let usable = try Self.usable(files, headers, isStrict: options.isStrict)
    let size = if let wanted = options.resize { wanted } else { try Self.commonSize(usable) }
    format = ImageFormat(size, options.channels ?? (usable.allSatisfy(\.header.isGray) ? .gray : .rgb))
    try format.checkMemory()
    isStreamed = options.isStreamed || format.isTooBigToKeep(imageCount: usable.count)
    if format != guess || isStreamed { decoded = [:] }
  }

  /// The format of the first file that is one, if so many images of it can be.
  private static func guess(
    _ files: [FolderScan.File], _ options: ImageFolder.Options, _ decoder: PNGDecoder
  ) -> ImageFormat? {
    for file in files {
      guard let header = try? decoder.header(ofFile: file.path) else { continue }
      let size = options.resize ?? ImageSize(width: header.width, height: header.height)
      let format = ImageFormat(size, options.channels ?? (header.isGray ? .gray : .rgb))
      return format.isTooBigToKeep(imageCount: files.count) ? nil : format
    }
    return nil
  }

  private static func usable(
    _ files: [FolderScan.File], _ headers: [Result<PNGHeader, PNGError>], isStrict: Bool
  ) throws(DatasetError) -> [(path: String, header: PNGHeader)] {
    var usable: [(path: String, header: PNGHeader)] = []
    for (file, header) in zip(files, headers) {
      switch header {
      case .success(let header): usable.append((file.path, header))
      case .failure(let error) where isStrict: throw .badFile(SkippedFile(file, error))
      case .failure: break
      }
    }
    return usable
  }

  /// The images of one part; files that cannot be decoded are left out and listed.
  mutating func load(
    _ split: Split, _ files: [FolderScan.File]
  ) throws(DatasetError) -> (dataset: ImageDataset, skipped: [SkippedFile]) {
    if isStreamed { return try stream(split, files) }
    var (images, errors) = decoded.removeValue(forKey: split) ?? decode(files)
    let skipped = zip(files, errors).compactMap { file, error in error.map { SkippedFile(file, $0) } }
    if options.isStrict, let first = skipped.first { throw .badFile(first) }
    let kept = files.indices.filter { errors[$0] == nil }
    try checkClasses(files, kept: kept, skipped: skipped)
    if kept.count < files.count {
      let slotSize = format.byteCount
      images = kept.flatMap { images[$0 * slotSize..<($0 + 1) * slotSize] }
    }
    let dataset = ImageDataset(
      split: split, images: images, labels: kept.map { Int32(files[$0].label) },
      height: format.size.height, width: format.size.width, channels: format.channels.rawValue,
      classNames: classNames, files: kept.map { files[$0].path })
    return (dataset, skipped)
  }

  private func decode(_ files: some RandomAccessCollection<FolderScan.File> & Sendable) -> Decoded {
    let reader = reader
    let paths = files.map(\.path)
    return Parallel.fill(count: paths.count, slotSize: format.byteCount) { index, slot in
      reader.decode(paths[index], into: slot)
    }
  }

  private var reader: ImageReader {
    ImageReader(decoder: decoder, format: format, isResizing: options.resize != nil)
  }

  /// The images of one part, which stay in their files.
  private func stream(
    _ split: Split, _ files: [FolderScan.File]
  ) throws(DatasetError) -> (dataset: ImageDataset, skipped: [SkippedFile]) {
    var (errors, digest) = survey(split, files)
    let skipped = zip(files, errors).compactMap { file, error in error.map { SkippedFile(file, $0) } }
    if options.isStrict, let first = skipped.first { throw .badFile(first) }
    let kept = files.indices.filter { errors[$0] == nil }
    try checkClasses(files, kept: kept, skipped: skipped)
    let good = kept.map { files[$0] }
    if good.count < files.count {
      // The digest is of what is kept, and its beginning depends on how many these are.
      (errors, digest) = survey(split, good)
      for (file, error) in zip(good, errors) {
        if let error { throw .changedFile(SkippedFile(file, error)) }
      }
    }
    let dataset = ImageDataset(
      split: split, storage: .streamed(reader), labels: good.map { Int32($0.label) },
      height: format.size.height, width: format.size.width, channels: format.channels.rawValue,
      classNames: classNames, files: good.map(\.path), digest: digest)
    return (dataset, skipped)
  }

  /// Decodes every file once, keeping nothing: which are no good, and the digest if none is.
  private func survey(
    _ split: Split, _ files: [FolderScan.File]
  ) -> (errors: [PNGError?], digest: SHA256Digest) {
    var errors: [PNGError?] = []
    var hash = DatasetHash(
      split: split, labels: files.map { Int32($0.label) }, height: format.size.height,
      width: format.size.width, channels: format.channels.rawValue, classNames: classNames)
    let step = max(ImageFormat.leastCount, ImageFolder.surveyByteCount / max(1, format.byteCount))
    for begin in stride(from: 0, to: files.count, by: step) {
      let (pixels, found) = decode(files[begin..<min(begin + step, files.count)])
      errors += found
      hash.update(pixels)
    }
    return (errors, hash.finalize())
  }

  /// The size all images have; any if there are none, which is reported for each class later.
  private static func commonSize(
    _ images: [(path: String, header: PNGHeader)]
  ) throws(DatasetError) -> ImageSize {
    guard let first = images.first else { return ImageSize(width: 1, height: 1) }
    let size = ImageSize(width: first.header.width, height: first.header.height)
    for image in images {
      let other = ImageSize(width: image.header.width, height: image.header.height)
      guard other == size else {
        throw .sizesDiffer(first: first.path, firstSize: size, other: image.path, otherSize: other)
      }
    }
    return size
  }

  /// A class whose every file was skipped would silently be a class without images.
  private func checkClasses(
    _ files: [FolderScan.File], kept: [Int], skipped: [SkippedFile]
  ) throws(DatasetError) {
    let remaining = Set(kept.map { files[$0].label })
    guard let lost = classNames.indices.first(where: { !remaining.contains($0) }) else { return }
    let paths = files.filter { $0.label == lost }.map(\.path)
    let folder = paths[0].split(separator: "/", omittingEmptySubsequences: false).dropLast()
    throw .noUsableImages(
      folder: folder.joined(separator: "/"), fileCount: paths.count,
      first: skipped.first { $0.path == paths[0] }!)
  }
}

extension SkippedFile {
  fileprivate init(_ file: FolderScan.File, _ error: PNGError) {
    self.init(path: file.path, reason: error.description)
  }
}
