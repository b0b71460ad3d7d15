import LockstepData
import Testing

@Suite("Data set digest")
struct DatasetDigestTests {
  static func dataset(
    split: Split = .train, images: [UInt8] = [1, 2, 3, 4], labels: [Int32] = [0, 1], height: Int = 1,
    width: Int = 2, channels: Int = 1, classNames: [String] = ["a", "b"], files: [String] = []
  ) -> ImageDataset {
    ImageDataset(
      split: split, images: images, labels: labels, height: height, width: width, channels: channels,
      classNames: classNames, files: files)
  }

  @Test("does not depend on where the files are")
  func paths() throws {
    #expect(Self.dataset(files: ["x", "y"]).digest == Self.dataset().digest)
    let first = try TemporaryFolder.withSplit().load()
    let second = try TemporaryFolder.withSplit().load()
    #expect(first.digest == second.digest)
  }

  @Test(
    "changes with everything training sees",
    arguments: [
      dataset(split: .test), dataset(images: [1, 2, 3, 5]), dataset(labels: [1, 0]),
      dataset(height: 2, width: 1), dataset(width: 1, channels: 2), dataset(classNames: ["a", "c"]),
      dataset(classNames: ["a", "b", "c"]), dataset(images: [1, 2], labels: [0]),
    ])
  func changes(other: ImageDataset) {
    #expect(other.digest != Self.dataset().digest)
  }

  @Test("of both parts changes with either")
  func bothParts() throws {
    let plain = TemporaryFolder.withSplit()
    let original = try plain.load()
    plain.writePNG("test/b/1.png", value: 99)
    let changed = try plain.load()
    #expect(changed.train.digest == original.train.digest)
    #expect(changed.test.digest != original.test.digest)
    #expect(changed.digest != original.digest)
  }
}
