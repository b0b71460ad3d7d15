import Foundation
import LockstepCore
import Testing

@testable import LockstepData

@Suite("Files of .npz")
struct NumPyArchiveTests {
  private func open(_ bytes: [UInt8], limit: Int = 1 << 20) throws(NumPyError) -> NumPyArchive {
    try NumPyArchive(fileContents: bytes, named: "a.npz", sizeLimit: limit)
  }

  @Test(
    "a file of NumPy's, stored, deflated or streamed, reads as its arrays",
    arguments: NumPyGoldens.all.archives)
  func reading(golden: NumPyGoldens.File) throws {
    let archive = try open(bytes(ofHex: golden.file))
    #expect(archive.names == ["class_names", "weights", "counts"])
    let arrays = Dictionary(uniqueKeysWithValues: NumPyGoldens.all.arrays.map { ($0.name, $0.array) })
    #expect(try archive.array(named: "weights") == arrays["float32"])
    #expect(try archive.array(named: "counts") == arrays["int64"])
    #expect(try archive.texts(named: "class_names") == ["ant", "bee", "ünicode 🐝"])
  }

  @Test("what is written reads back, deflated and stored", arguments: [true, false])
  func roundTrip(isCompressed: Bool) throws {
    let folder = TemporaryFolder()
    var writer = NumPyArchiveWriter(isCompressed: isCompressed)
    let zeros = NumPyArray([Double](repeating: 0, count: 5000), shape: [50, 100])
    writer.add("zeros", zeros)
    writer.add("names", ["a", "", "λ🐜"])
    writer.add("nothing", [String]())
    try writer.write(to: folder.path + "/a.npz")
    let archive = try NumPyArchive(file: folder.path + "/a.npz")
    #expect(archive.names == ["zeros", "names", "nothing"])
    #expect(try archive.array(named: "zeros") == zeros)
    #expect(try archive.texts(named: "names") == ["a", "", "λ🐜"])
    #expect(try archive.texts(named: "nothing") == [])
    let size = try #require(FileManager.default.contents(atPath: folder.path + "/a.npz")).count
    #expect(isCompressed ? size < 2000 : size > 40_000)
  }

  @Test("numbers that four bytes are too few for go into zip64's fields")
  func zip64() throws {
    var zip = ZipWriter(large: 100)
    for name in ["a", "b"] {
      try zip.add(name, [UInt8](repeating: 7, count: 300), isDeflated: name == "a")
    }
    let archive = try ZipArchive(zip.fileContents(), sizeLimit: 1000)
    #expect(archive.entries.map(\.name) == ["a", "b"] && archive.entries[1].offset > 0)
    for entry in archive.entries {
      #expect(try archive.contents(of: entry) == [UInt8](repeating: 7, count: 300))
    }
  }

  @Test("a name that is not there is answered with those that are")
  func missing() throws {
    let error = #expect(throws: NumPyError.self) {
      try open(NumPyGoldens.archive("stored")).array(named: "weight")
    }
    #expect(error?.description == "a.npz has no array weight; it has class_names, weights, counts")
  }

  @Test("texts are no numbers, numbers no texts, and the array is named")
  func kinds() throws {
    let archive = try open(NumPyGoldens.archive("stored"))
    let texts = #expect(throws: NumPyError.self) { try archive.array(named: "class_names") }
    #expect(texts?.description == "a.npz: class_names holds texts, not numbers")
    let numbers = #expect(throws: NumPyError.self) { try archive.texts(named: "weights") }
    #expect(numbers?.description == "a.npz: weights is no one-dimensional array of texts")
  }
}

@Suite("Zip archives: what is refused")
struct MalformedZipTests {
  /// An archive of one deflated file of zeros.
  private static func zeros(_ count: Int) throws -> [UInt8] {
    var zip = ZipWriter()
    try zip.add("zeros.npy", [UInt8](repeating: 0, count: count), isDeflated: true)
    return zip.fileContents()
  }

  /// Where the directory begins.
  private static func directory(of bytes: [UInt8]) -> Int {
    let end = bytes.count - 22
    return (0..<4).reversed().reduce(0) { $0 << 8 | Int(bytes[end + 16 + $1]) }
  }

  private static func replacing(_ bytes: [UInt8], at place: Int, by value: Int, size: Int = 4) -> [UInt8] {
    var bytes = bytes
    for index in 0..<size { bytes[place + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    return bytes
  }

  private func message(_ bytes: [UInt8], limit: Int = 1 << 24) -> String? {
    do throws(FileError) {
      let archive = try ZipArchive(bytes, sizeLimit: limit)
      for entry in archive.entries { _ = try archive.contents(of: entry) }
      return nil
    } catch {
      return error.description
    }
  }

  @Test("more bytes than the limit are refused before any is unpacked")
  func bomb() throws {
    let file = try Self.zeros(4 << 20)
    #expect(file.count < 10_000)
    #expect(message(file, limit: 1 << 20) == "holds more than 1048576 bytes unpacked, which is the limit")
    #expect(message(file, limit: 4 << 20) == nil)
  }

  @Test("a file that unpacks to more than it says is stopped there")
  func understated() throws {
    let file = try Self.zeros(100_000)
    let lying = Self.replacing(file, at: Self.directory(of: file) + 24, by: 1000)
    #expect(message(lying) == "zeros.npy is damaged: it unpacks to more bytes than it says")
  }

  @Test("a size that no deflated bytes unpack to is refused before any is")
  func overstated() throws {
    let file = try Self.zeros(100)
    let lying = Self.replacing(file, at: Self.directory(of: file) + 24, by: 1 << 20)
    #expect(message(lying)?.hasSuffix("bytes of zeros.npy unpack to 1048576, which can't be") == true)
  }

  @Test("files that share bytes are refused")
  func overlap() throws {
    var zip = ZipWriter()
    for name in ["a", "b"] { try zip.add(name, [1, 2, 3], isDeflated: false) }
    let file = zip.fileContents()
    // The second entry's offset is the first one's.
    let second = Self.directory(of: file) + 46 + 1
    #expect(message(Self.replacing(file, at: second + 42, by: 0)) == "has files that overlap")
  }

  @Test("a changed byte is found by the check sum")
  func checkSum() throws {
    var zip = ZipWriter()
    try zip.add("a", [1, 2, 3], isDeflated: false)
    #expect(
      message(Self.replacing(zip.fileContents(), at: 31, by: 9, size: 1))
        == "a is damaged: its check sum is wrong")
  }

  @Test("encrypted files and other methods are named")
  func methods() throws {
    let file = try Self.zeros(100)
    let directory = Self.directory(of: file)
    #expect(message(Self.replacing(file, at: directory + 8, by: 1, size: 2)) == "zeros.npy is encrypted")
    #expect(
      message(Self.replacing(file, at: directory + 10, by: 12, size: 2))
        == "zeros.npy is packed by method 12; stored and deflated are known")
  }

  @Test("a directory that lies is refused, whatever it says")
  func directories() throws {
    let file = try Self.zeros(100)
    let end = file.count - 22
    #expect(message([]) == "is no zip archive, or is cut off: it has no directory at its end")
    #expect(
      message(Self.replacing(file, at: end + 16, by: 1 << 30)) == "has a directory that lies outside of it")
    #expect(
      message(Self.replacing(file, at: end + 12, by: 1 << 30)) == "has a directory that lies outside of it")
    #expect(
      message(Self.replacing(file, at: end + 10, by: 2, size: 2))
        == "is said to hold 2 files, its directory lists 1")
    #expect(message(Self.replacing(file, at: end + 4, by: 1, size: 2)) == "is one part of several")
    let directory = Self.directory(of: file)
    #expect(
      message(Self.replacing(file, at: directory + 42, by: 1 << 30))
        == "zeros.npy is not where the directory says")
    #expect(message(Self.replacing(file, at: directory + 20, by: 1 << 30)) == "zeros.npy is cut off")
    #expect(
      message(Self.replacing(file, at: directory + 28, by: 0xFFFF, size: 2)) == "has a damaged directory")
    #expect(
      message(Self.replacing(file, at: directory + 46, by: 0xFF, size: 1))
        == "holds a file whose name is not UTF-8")
  }

  @Test("no beginning of an archive is taken for one")
  func prefixes() {
    let file = NumPyGoldens.archive("deflated")
    for length in file.indices { #expect(message(Array(file.prefix(length))) != nil) }
  }

  @Test("a name twice is refused")
  func duplicates() throws {
    var zip = ZipWriter()
    for _ in 0..<2 { try zip.add("a", [1], isDeflated: false) }
    #expect(message(zip.fileContents()) == "holds a twice")
  }
}
