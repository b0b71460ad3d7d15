import Foundation
import LockstepData
import Testing

/// Three images of two rows and four columns, samples 0, 10, 20 … 230, and their labels.
private let imageHeader: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 4]
private let samples = (0..<24).map { UInt8($0 * 10) }
private let labelFile: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1]
/// Python: gzip.compress(bytes([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 4, *range(0, 240, 10)]), mtime=0).
private let zippedImages = bytes(
  ofHex:
    "1f8b08000000000002036360e060666060006126206661e01291d330b2710b884ac9ab68ea99b660d5967d272edd7906001b2c"
    + "dc8728000000")

@Suite("Import of IDX files")
struct IDXImportTests {
  /// Writes the two files, imports them, and gives the folder.
  private func imported(
    _ images: [UInt8] = imageHeader + samples, _ labels: [UInt8] = labelFile, classNames: [String]? = nil
  ) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.write(images, to: "images")
    folder.write(labels, to: "labels")
    try IDXImport(images: folder.path + "/images", labels: folder.path + "/labels", classNames: classNames)
      .write(to: folder.path + "/data/train")
    return folder
  }

  private func files(in folder: TemporaryFolder) -> [String] {
    withExtendedLifetime(folder) {
      FileManager.default.subpaths(atPath: folder.path + "/data")!.filter { $0.hasSuffix(".png") }.sorted()
    }
  }

  @Test("every image becomes a file of its class, named by its place", arguments: [false, true])
  func importing(isZipped: Bool) throws {
    let folder = try imported(isZipped ? zippedImages : imageHeader + samples)
    #expect(files(in: folder) == ["train/0/00001.png", "train/1/00000.png", "train/1/00002.png"])
    let image = try PNGDecoder().decode(contentsOf: folder.path + "/data/train/1/00002.png")
    #expect(image.width == 4 && image.height == 2 && image.channels == .gray)
    #expect(image.pixels == [160, 170, 180, 190, 200, 210, 220, 230])
  }

  @Test("classes can be named")
  func names() throws {
    let folder = try imported(classNames: ["cat", "dog"])
    #expect(files(in: folder) == ["train/cat/00001.png", "train/dog/00000.png", "train/dog/00002.png"])
  }

  @Test("folders of two-digit labels sort as the labels do")
  func zeros() throws {
    let folder = try imported(imageHeader + samples, [0, 0, 8, 1, 0, 0, 0, 3, 2, 10, 9])
    #expect(files(in: folder) == ["train/02/00000.png", "train/09/00002.png", "train/10/00001.png"])
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var images = imageHeader + samples
    var labels = labelFile
    var classNames: [String]?
    let message: String

    static let all = [
      Bad(
        testDescription: "another magic number", images: [0, 0, 13, 3] + imageHeader.dropFirst(4) + samples,
        message: "F/images is no IDX file of images: it begins with 00 00 0d 03, not with 00 00 08 03"),
      Bad(
        testDescription: "an empty file", labels: [],
        message: "F/labels is no IDX file of labels: it begins with nothing, not with 00 00 08 01"),
      Bad(
        testDescription: "files the other way round", images: labelFile, labels: imageHeader + samples,
        message: "F/images holds labels, not images: name the file of images first, then that of labels"),
      Bad(
        testDescription: "images that are cut off", images: imageHeader + samples.dropLast(),
        message: "F/images has 39 bytes, its header promises 40: it is cut off"),
      Bad(
        testDescription: "a header that is cut off", images: Array(imageHeader.prefix(9)),
        message: "F/images has 9 bytes, its header promises 16: it is cut off"),
      Bad(
        testDescription: "bytes behind the labels", labels: labelFile + [0],
        message: "F/labels has 12 bytes, its header promises 11: it is damaged, or not what it says"),
      Bad(
        testDescription: "a gzip file that is cut off", images: zippedImages.dropLast(20),
        message: "cannot read F/images: the gzip file is cut off after \(zippedImages.count - 20) bytes"),
      Bad(
        testDescription: "a gzip file with a wrong check sum",
        images: zippedImages.enumerated().map { $0 == zippedImages.count - 6 ? $1 ^ 1 : $1 },
        message: "cannot read F/images: the gzip file is damaged"),
      Bad(
        testDescription: "bytes behind a gzip file", images: zippedImages + [7],
        message: "cannot read F/images: the gzip file has 1 bytes behind its end"),
      Bad(
        testDescription: "images of no pixels", images: [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4],
        message: "F/images has the dimensions 3x0x4, which are no images"),
      Bad(
        testDescription: "more images than an address space holds",
        images: [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12),
        message: "F/images has the dimensions 4294967295x4294967295x4294967295, which are no images"),
      Bad(
        testDescription: "fewer labels than images", labels: [0, 0, 8, 1, 0, 0, 0, 2, 1, 0],
        message: "F/images has 3 images, F/labels has 2 labels: they don't belong together"),
      Bad(
        testDescription: "a label without a class", classNames: ["cat"],
        message: "label 0 of F/labels is 1, but there are only the classes 0 to 0"),
      Bad(
        testDescription: "a class that is no folder", classNames: ["t-shirt/top", "coat"],
        message: "'t-shirt/top' can't be a class: "
          + "names are folders, each of its own, without a slash or a dot in front"),
      Bad(
        testDescription: "a class named twice", classNames: ["coat", "coat"],
        message: "'coat' can't be a class: "
          + "names are folders, each of its own, without a slash or a dot in front"),
    ]
  }

  @Test("bad files are told apart, and nothing is written", arguments: Bad.all)
  func badFiles(_ bad: Bad) throws {
    let folder = TemporaryFolder()
    folder.write(Array(bad.images), to: "images")
    folder.write(bad.labels, to: "labels")
    let error = #expect(throws: IDXError.self) {
      try IDXImport(
        images: folder.path + "/images", labels: folder.path + "/labels", classNames: bad.classNames
      ).write(to: folder.path + "/data")
    }
    #expect(error?.description.replacingOccurrences(of: folder.path, with: "F") == bad.message)
    #expect(FileManager.default.subpaths(atPath: folder.path)!.sorted() == ["images", "labels"])
  }

  @Test("a missing file is named")
  func missing() {
    let error = #expect(throws: IDXError.self) { try IDXImport(images: "/nowhere/x", labels: "/nowhere/y") }
    #expect(error?.description == "cannot read /nowhere/x: No such file or directory")
  }

  @Test("a folder that is there is left alone")
  func existing() throws {
    let folder = try imported()
    let before = files(in: folder)
    let files = try IDXImport(images: folder.path + "/images", labels: folder.path + "/labels")
    #expect(throws: IDXError.output(.exists(folder.path + "/data/train"))) {
      try files.write(to: folder.path + "/data/train")
    }
    #expect(self.files(in: folder) == before)
  }

  @Test("a folder that can't be written leaves nothing")
  func unwritable() throws {
    let folder = try imported()
    let files = try IDXImport(images: folder.path + "/images", labels: folder.path + "/labels")
    #expect(throws: IDXError.self) { try files.write(to: folder.path + "/images/data") }
    #expect(Set(FileManager.default.subpaths(atPath: folder.path)!).count == 9)
  }
}
