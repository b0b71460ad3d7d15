/// A data set of PNG files in one folder a class, decoded into memory or, if it is too large for that, streamed:
/// decoded anew whenever an image is wanted.
///
/// Two layouts are understood:
///
///     root/train/<class>/*.png        root/<class>/*.png
///     root/test/<class>/*.png
///
/// With the second, a share of each class is set aside as test images. Classes are the folders' names in
/// byte order, images the files ending in `.png` (in any case) in byte order; hidden files are ignored, other
/// files are counted.
///
/// ```swift
/// let digits = try ImageFolder.load("datasets/digits")
/// print(digits.train.count, digits.train.classNames, digits.digest)
/// ```
public struct ImageFolder: Sendable {
  /// How to load.
  public struct Options: Sendable {
    /// The channels of all images; nil for one if no file holds colour, otherwise three.
    public var channels: PNGImage.Channels?
    /// The size to bring all images to, bilinearly, without antialiasing; nil if they are of one size.
    public var resize: ImageSize?
    /// The share of each class for testing, for folders without `train` and `test`; nil for 0.2.
    public var validationSplit: Double?
    /// Chooses the test images, together with the class's name, for folders without `train` and `test`.
    public var seed: UInt64
    /// Whether a file that is no good PNG is an error; otherwise it is skipped and listed.
    public var isStrict: Bool
    /// Images of more pixels are no good.
    public var pixelLimit: Int

    /// Whether images stay in their files and are decoded while the training goes on, even if memory would hold
    /// them. Results are the same.
    public var isStreamed: Bool

    /// Creates options; all have sensible defaults.
    public init(
      channels: PNGImage.Channels? = nil, resize: ImageSize? = nil, validationSplit: Double? = nil,
      seed: UInt64 = 0, isStrict: Bool = false, pixelLimit: Int = PNGDecoder.defaultPixelLimit,
      isStreamed: Bool = false
    ) {
      self.channels = channels
      self.resize = resize
      self.validationSplit = validationSplit
      self.seed = seed
      self.isStrict = isStrict
      self.pixelLimit = pixelLimit
      self.isStreamed = isStreamed
    }
  }

  /// The bytes of pixels that are looked at together when a folder is opened to be streamed.
  static let surveyByteCount = 16 << 20

  /// The images to train on.
  public let train: ImageDataset
  /// The images to measure on: of the same classes, size and channels.
  public let test: ImageDataset
  /// PNG files that could not be used, training images first.
  public let skipped: [SkippedFile]
  /// The number of files and folders within class folders that are not PNG files by name.
  public let ignoredFileCount: Int

  /// SHA-256 of both parts' digests: equal for equal classes, labels and pixels on any machine.
  public var digest: SHA256Digest {
    SHA256Digest(of: train.digest.bytes + test.digest.bytes)
  }

  /// Reads and decodes a folder, on all cores. Images that would take more than half of the machine's memory are
  /// streamed, as if ``Options/isStreamed`` were set.
  public static func load(
    _ root: String, options: Options = Options()
  ) throws(DatasetError) -> ImageFolder {
    if let size = options.resize, size.width < 1 || size.height < 1 { throw .invalidResize(size) }
    let scan = try FolderScan(root: root, validationSplit: options.validationSplit, seed: options.seed)
    var loader = try ImageLoader(scan, options)
    let train = try loader.load(.train, scan.train)
    let test = try loader.load(.test, scan.test)
    return ImageFolder(
      train: train.dataset, test: test.dataset, skipped: train.skipped + test.skipped,
      ignoredFileCount: scan.ignoredCount)
  }
}
