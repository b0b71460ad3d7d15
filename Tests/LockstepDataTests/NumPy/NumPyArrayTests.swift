import Foundation
import LockstepCore
import LockstepData
import Testing

@Suite("Files of .npy: reading and writing")
struct NumPyArrayTests {
  @Test("the golden has every dtype in both orders, and every byte order it can have")
  func coverage() {
    let names = Set(NumPyGoldens.all.arrays.map(\.name))
    for dtype in DType.allCases {
      #expect(names.contains("\(dtype)") && names.contains("fortran \(dtype)"))
      #expect(names.contains("big-endian \(dtype)") == (dtype.byteCount > 1))
    }
  }

  @Test("a file of NumPy's reads as the array it was made of", arguments: NumPyGoldens.all.arrays)
  func reading(golden: NumPyGoldens.Array) throws {
    #expect(try NumPyArray(fileContents: bytes(ofHex: golden.file)) == golden.array)
  }

  @Test(
    "what is written is byte for byte what np.save writes",
    arguments: NumPyGoldens.all.arrays.filter(\.isCanonical))
  func writing(golden: NumPyGoldens.Array) {
    #expect(golden.array.fileContents() == bytes(ofHex: golden.file))
  }

  @Test(
    "in Fortran order too",
    arguments: NumPyGoldens.all.arrays.filter { $0.isFortran && !$0.name.contains("big-endian") })
  func fortran(golden: NumPyGoldens.Array) {
    #expect(golden.array.fileContents(order: .fortran) == bytes(ofHex: golden.file))
  }

  @Test("an array goes to a file and back")
  func file() throws {
    let folder = TemporaryFolder()
    let array = NumPyArray([1, 2, 3, 4, 5, 6] as [Int32], shape: [2, 3])
    try array.write(to: folder.path + "/a.npy")
    #expect(try NumPyArray(file: folder.path + "/a.npy") == array)
    try array.write(to: folder.path + "/a.npy", order: .fortran)
    #expect(try NumPyArray(file: folder.path + "/a.npy") == array)
  }

  @Test("what can't be read or written is named")
  func unusable() throws {
    let folder = TemporaryFolder()
    let missing = #expect(throws: NumPyError.self) { try NumPyArray(file: "/nowhere/a.npy") }
    #expect(missing?.description == "/nowhere/a.npy can't be read: No such file or directory")
    let unwritable = #expect(throws: NumPyError.self) { try NumPyArray([1]).write(to: "/nowhere/a.npy") }
    #expect(unwritable?.description == "/nowhere/a.npy can't be written: No such file or directory")
    folder.write(Array("text".utf8), to: "a.npy")
    let wrong = #expect(throws: NumPyError.self) { try NumPyArray(file: folder.path + "/a.npy") }
    #expect(wrong?.description == "\(folder.path)/a.npy is no .npy file: it does not begin with \\x93NUMPY")
  }
}
