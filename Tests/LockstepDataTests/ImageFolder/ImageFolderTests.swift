import Foundation
import LockstepData
import Testing

/// The value of each image, for data sets of images of one value.
func values(_ dataset: ImageDataset) -> [UInt8] {
  let pixels = try! dataset.batch(of: Array(0..<dataset.count)).pixels
  return (0..<dataset.count).map { UInt8((pixels[$0 * dataset.imageSize] * 255).rounded()) }
}

/// Height, width, channels.
func shape(_ dataset: ImageDataset) -> [Int] {
  [dataset.height, dataset.width, dataset.channels]
}

@Suite("Image folder")
struct ImageFolderTests {
  @Test("train and test folders give labelled images in the order of classes and files")
  func trainAndTest() throws {
    let folder = TemporaryFolder.withSplit()
    let data = try folder.load()
    #expect(data.train.split == .train)
    #expect(data.test.split == .test)
    #expect(data.train.classNames == ["a", "b"])
    #expect(data.train.labels == [0, 0, 1, 1])
    #expect(values(data.train) == [10, 11, 20, 21])
    #expect(values(data.test) == [30, 31, 40, 41])
    let files = ["train/a/0.png", "train/a/1.png", "train/b/0.png", "train/b/1.png"]
    #expect(data.train.files == files.map { folder.path + "/" + $0 })
    #expect(shape(data.train) == [2, 2, 1])
    #expect(data.skipped.isEmpty)
    #expect(data.ignoredFileCount == 0)
  }

  @Test("classes and files are sorted by bytes, not by language")
  func byteOrder() throws {
    let folder = TemporaryFolder()
    // The fifth is an e and a combining accent, 65 CC 81; to Swift it equals é and comes after f.
    let names = ["10", "9", "B", "a", "e\u{301}", "f"]
    for (value, name) in names.enumerated() {
      folder.writePNG("train/\(name)/Z.png", value: UInt8(value * 10))
      folder.writePNG("train/\(name)/a.png", value: UInt8(value * 10 + 1))
      folder.writePNG("test/\(name)/x.png")
    }
    let train = try folder.load().train
    #expect(train.classNames == names)
    #expect(values(train) == [0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51])
  }

  @Test("hidden files are ignored, other files counted, PNG in capitals taken")
  func otherFiles() throws {
    let folder = TemporaryFolder.withSplit()
    folder.write([1], to: "train/a/.hidden.png")
    folder.write([1], to: "train/a/notes.txt")
    folder.write([1], to: "test/b/photo.jpg")
    folder.makeFolder("test/b/more")
    folder.makeFolder("train/.cache")
    folder.write([1], to: "train/README.md")
    folder.writePNG("train/a/2.PNG", value: 12)
    let data = try folder.load()
    #expect(values(data.train) == [10, 11, 12, 20, 21])
    #expect(data.ignoredFileCount == 3)
    #expect(data.skipped.isEmpty)
  }

  @Test("a trailing slash changes nothing")
  func trailingSlash() throws {
    let folder = TemporaryFolder.withSplit()
    let plain = try folder.load()
    #expect(try folder.load(at: "//").train.files == plain.train.files)
  }

  @Test("a long text or profile before the pixels does not matter")
  func longText() throws {
    var chunks = PNGChunks(TemporaryFolder.png(value: 12))
    let text = PNGChunks.Chunk(kind: "tEXt", data: [UInt8](repeating: 0x61, count: 10_000))
    chunks.chunks.insert(text, at: 1)
    let folder = TemporaryFolder.withSplit()
    folder.write(chunks.file, to: "train/a/2.png")
    let data = try folder.load(.init(isStrict: true))
    #expect(values(data.train) == [10, 11, 12, 20, 21])
  }

  @Test("links to folders and files are followed")
  func links() throws {
    let folder = TemporaryFolder.withSplit()
    folder.link("linked", to: folder.path)
    folder.link("train/a/9.png", to: folder.path + "/train/b/0.png")
    #expect(values(try folder.load(at: "/linked").train) == [10, 11, 20, 20, 21])
  }

  @Test("without a wish, one colour image makes all RGB")
  func automaticChannels() throws {
    let folder = TemporaryFolder.withSplit()
    #expect(try folder.load().train.channels == 1)
    folder.writePNG("test/b/2.png", channels: .rgb, value: 7)
    let data = try folder.load()
    #expect(data.train.channels == 3)
    #expect(Array(data.test.images.suffix(12)) == [UInt8](repeating: 7, count: 12))
    #expect(Array(data.train.images.prefix(12)) == [UInt8](repeating: 10, count: 12))
  }

  @Test("channels asked for are given", arguments: PNGImage.Channels.allCases)
  func channels(channels: PNGImage.Channels) throws {
    let folder = TemporaryFolder.withSplit()
    let train = try folder.load(.init(channels: channels)).train
    let firstPixel: [PNGImage.Channels: [UInt8]] = [
      .gray: [10], .rgb: [10, 10, 10], .rgba: [10, 10, 10, 255],
    ]
    #expect(train.channels == channels.rawValue)
    #expect(Array(train.images.prefix(train.channels)) == firstPixel[channels])
  }

  @Test("a class may be called train when it holds images itself")
  func classCalledTrain() throws {
    let folder = TemporaryFolder()
    for index in 0..<4 {
      folder.writePNG("boat/\(index).png")
      folder.writePNG("train/\(index).png")
    }
    #expect(try folder.load().train.classNames == ["boat", "train"])
  }

  @Test("the digits of the repository are what Pillow and hashlib say")
  func digits() throws {
    struct Golden: Decodable {
      let trainCount, testCount: Int
      let trainDigest, testDigest, digest: String
    }
    let golden = Fixtures.json("digits.json", as: Golden.self)
    let data = try ImageFolder.load(Fixtures.digits, options: .init(isStrict: true))
    #expect(data.train.count == golden.trainCount)
    #expect(data.test.count == golden.testCount)
    #expect(data.train.digest.description == golden.trainDigest)
    #expect(data.test.digest.description == golden.testDigest)
    #expect(data.digest.description == golden.digest)
    #expect(data.train.count + data.test.count == 1797)
    #expect(data.train.classNames == (0...9).map { "\($0)" })
  }
}
