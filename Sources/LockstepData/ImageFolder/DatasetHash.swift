/// The digest of a data set, of pixels that come one piece after another; its definition is at
/// ``ImageDataset/init(split:images:labels:height:width:channels:classNames:files:)``.
struct DatasetHash: ~Copyable {
  private var hash = SHA256()

  init(split: Split, labels: [Int32], height: Int, width: Int, channels: Int, classNames: [String]) {
    update(text: "lockstep-dataset-1")
    update(text: split.rawValue)
    update(count: classNames.count)
    for name in classNames { update(text: name) }
    for number in [labels.count, height, width, channels] { update(count: number) }
    labels.map(\.littleEndian).withUnsafeBytes { hash.update($0) }
  }

  /// Appends samples.
  mutating func update(_ pixels: [UInt8]) { hash.update(pixels) }

  /// Ends the digest and gives its value.
  consuming func finalize() -> SHA256Digest { hash.finalize() }

  private mutating func update(count: Int) { hash.update(littleEndian: UInt64(count)) }

  private mutating func update(text: String) {
    update(count: text.utf8.count)
    hash.update(text.utf8)
  }
}
