import Foundation
import LockstepData
import Testing

@Suite("Image folder: bad files")
struct BadFileTests {
  /// A way to be no good PNG.
  struct BadFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let reason: String

    static let all = [
      BadFile(
        testDescription: "a JPEG named .png", bytes: [0xFF, 0xD8, 0xFF, 0xE0, 0, 16],
        reason: "not a PNG: it looks like a JPEG"),
      BadFile(testDescription: "an empty file", bytes: [], reason: "not a PNG: it is empty"),
      BadFile(
        testDescription: "a PNG cut within the header", bytes: Array(TemporaryFolder.png().prefix(20)),
        reason: "truncated PNG: it ends after 20 bytes, within the image"),
      BadFile(
        testDescription: "a PNG cut within the pixels", bytes: Array(TemporaryFolder.png().prefix(45)),
        reason: "truncated PNG: it ends after 45 bytes, within the image"),
      BadFile(
        testDescription: "a PNG with a wrong check sum of the pixels",
        bytes: corrupt(at: TemporaryFolder.png().count - 13),
        reason: "corrupt PNG: IDAT: CRC error"),
      BadFile(
        testDescription: "a header bomb", bytes: PNGChunks.bomb(width: 100_000, height: 100_000),
        reason: "PNG of 100000x100000 pixels: more than the limit of 64000000 pixels"),
    ]

    private static func corrupt(at offset: Int) -> [UInt8] {
      var file = TemporaryFolder.png()
      file[offset] ^= 4
      return file
    }
  }

  @Test("are skipped and listed", arguments: BadFile.all, [false, true])
  func skipped(bad: BadFile, isStreamed: Bool) throws {
    let folder = TemporaryFolder.withSplit()
    folder.write(bad.bytes, to: "train/a/05.png")
    folder.write(bad.bytes, to: "test/b/2.png")
    let data = try folder.load(.init(isStreamed: isStreamed))
    #expect(data.train.isStreamed == isStreamed)
    #expect(values(data.train) == [10, 11, 20, 21])
    #expect(data.train.labels == [0, 0, 1, 1])
    #expect(data.train.files.count == 4)
    #expect(values(data.test) == [30, 31, 40, 41])
    #expect(data.skipped.map(\.path) == ["train/a/05.png", "test/b/2.png"].map { folder.path + "/" + $0 })
    #expect(data.skipped.map(\.reason) == [bad.reason, bad.reason])
    #expect(try data.digest == TemporaryFolder.withSplit().load().digest)
  }

  @Test("are errors when strict", arguments: BadFile.all, [false, true])
  func strict(bad: BadFile, isStreamed: Bool) {
    let folder = TemporaryFolder.withSplit()
    folder.write(bad.bytes, to: "test/b/2.png")
    #expect(
      failure(folder, options: .init(isStrict: true, isStreamed: isStreamed))
        == "$/test/b/2.png: \(bad.reason)")
  }

  @Test("links to nowhere, folders and pipes named .png do not stop the rest")
  func unreadable() throws {
    let folder = TemporaryFolder.withSplit()
    folder.link("train/a/2.png", to: "nowhere")
    folder.link("train/a/3.png", to: "3.png")
    #expect(mkfifo(folder.path + "/train/a/4.png", 0o600) == 0)
    folder.makeFolder("train/a/5.png")
    let data = try folder.load()
    #expect(values(data.train) == [10, 11, 20, 21])
    #expect(
      data.skipped.map(\.reason) == [
        "unreadable file: No such file or directory",
        "unreadable file: Too many levels of symbolic links",
        "unreadable file: it is not a regular file",
      ])
    #expect(data.ignoredFileCount == 1)
  }

  @Test("a file without permission is unreadable", .enabled(if: geteuid() != 0, "root may read everything"))
  func permission() throws {
    let folder = TemporaryFolder.withSplit()
    folder.writePNG("train/a/2.png")
    chmod(folder.path + "/train/a/2.png", 0)
    let data = try folder.load()
    #expect(data.skipped.map(\.reason) == ["unreadable file: Permission denied"])
  }

  @Test("a class that loses all its files is an error", arguments: ["train/b", "test/b"])
  func wholeClass(name: String) {
    let folder = TemporaryFolder.withSplit()
    folder.write([], to: "\(name)/0.png")
    folder.write(Array("text".utf8), to: "\(name)/1.png")
    #expect(
      failure(folder)
        == "none of the 2 PNG files in $/\(name) can be used; "
        + "the first: $/\(name)/0.png: not a PNG: it is empty")
  }

  @Test("all files bad is an error too")
  func everything() {
    let folder = TemporaryFolder()
    for name in ["a/0", "a/1", "b/0", "b/1"] { folder.write([], to: "\(name).png") }
    #expect(
      failure(folder)?.hasPrefix("none of the 1 PNG files in $/a can be used") == true)
  }
}
