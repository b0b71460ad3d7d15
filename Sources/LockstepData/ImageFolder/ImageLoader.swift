#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Opens the files of a scan: first all headers, to agree on size and channels and to allocate once, then
/// all pixels.
struct ImageLoader {
  private typealias Failure = (index: Int, error: PNGError)

  private let decoder: PNGDecoder
  private let options: ImageFolder.Options
  private let classNames: [String]
  private let size: ImageSize
  private let channels: PNGImage.Channels

  /// Reads all headers and decides on the size and channels of all images.
  init(_ scan: FolderScan, _ options: ImageFolder.Options) throws(DatasetError) {
    let decoder = PNGDecoder(pixelLimit: options.pixelLimit)
    let files = scan.train + scan.test
    let headers = Parallel.map(count: files.count) { index in
      Result { () throws(PNGError) in try decoder.header(ofFile: files[index].path) }
    }
    var usable: [(path: String, header: PNGHeader)] = []
    for (file, header) in zip(files, headers) {
      switch header {
      case .success(let header): usable.append((file.path, header))
      case .failure(let error) where options.isStrict: throw .badFile(SkippedFile(file, error))
      case .failure: break
      }
    }
    self.decoder = decoder
    self.options = options
    classNames = scan.classNames
    channels = options.channels ?? (usable.allSatisfy(\.header.isGray) ? .gray : .rgb)
    if let wanted = options.resize {
      size = wanted
    } else {
      size = try Self.commonSize(usable)
    }
    try checkMemory(imageCount: usable.count)
  }

  /// Decodes the files of one part; those that cannot be are left out and listed.
  func load(
    _ split: Split, _ files: [FolderScan.File]
  ) throws(DatasetError) -> (dataset: ImageDataset, skipped: [SkippedFile]) {
    let slotSize = size.width * size.height * channels.rawValue
    var (images, errors) = Parallel.fill(count: files.count, slotSize: slotSize) { index, slot in
      decode(files[index].path, into: slot)
    }
    let skipped = zip(files, errors).compactMap { file, error in error.map { SkippedFile(file, $0) } }
    if options.isStrict, let first = skipped.first { throw .badFile(first) }
    let kept = files.indices.filter { errors[$0] == nil }
    try checkClasses(files, kept: kept, skipped: skipped)
    if kept.count < files.count {
      images = kept.flatMap { images[$0 * slotSize..<($0 + 1) * slotSize] }
    }
    let dataset = ImageDataset(
      split: split, images: images, labels: kept.map { Int32(files[$0].label) },
      height: size.height, width: size.width, channels: channels.rawValue, classNames: classNames,
      files: kept.map { files[$0].path })
    return (dataset, skipped)
  }

  private func decode(_ path: String, into slot: UnsafeMutableBufferPointer<UInt8>) -> PNGError? {
    // Skipped slots are dropped later, but memory that nothing wrote must not be readable until then.
    slot.initialize(repeating: 0)
    do throws(PNGError) {
      let bytes = try PNGDecoder.read(path)
      let header = try decoder.header(of: bytes)
      let imageSize = ImageSize(width: header.width, height: header.height)
      if imageSize == size {
        try decoder.decode(bytes, channels: channels, into: slot)
        return nil
      }
      guard options.resize != nil else { return .corrupt("the file changed while it was read") }
      let image = try decoder.decode(bytes, channels: channels)
      let resize = BilinearResize(from: imageSize, to: size, channels: channels.rawValue)
      image.pixels.withUnsafeBufferPointer { resize($0, into: slot) }
      return nil
    } catch {
      return error
    }
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

  private func checkMemory(imageCount: Int) throws(DatasetError) {
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    var product = imageCount
    var overflows = false
    for factor in [size.width, size.height, channels.rawValue] {
      let step = product.multipliedReportingOverflow(by: factor)
      overflows = overflows || step.overflow
      product = step.partialValue
    }
    guard !overflows, product <= memory else {
      throw .tooBigForMemory(byteCount: overflows ? .max : product, memory: memory)
    }
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
