import Foundation
import Lockstep
import Testing

@Suite("An array of NumPy's, plus one")
struct NumPyExchangeTests {
  /// `np.save` of `np.array([[1, 2], [3, 4]])`, and of that plus 1.
  private static func file(_ elements: [Int64]) -> [UInt8] {
    let text = "{'descr': '<i8', 'fortran_order': False, 'shape': (2, 2), }"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
      + Array((text.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n").utf8)
      + elements.flatMap { element in withUnsafeBytes(of: element.littleEndian) { Array($0) } }
  }

  private static let emulated = [Translator.none, .qemu].map { translator in
    TestBackend(name: "emulated \(translator.name)") { try EmulatedBackend(translator: translator) }
  }

  @Test(
    "an int64 array becomes a tensor, gets 1 added and goes back, the same bytes on every backend",
    arguments: TestBackend.all + (TranslatedTests.areWanted ? emulated : []))
  func addition(backend: TestBackend) throws {
    let device = Device(try backend.make())
    let tensor = try NumPyArray(fileContents: Self.file([1, 2, 3, .max])).tensor(on: device)
    #expect(tensor.spec == TensorSpec([2, 2], .int64))
    // As NumPy has it, the largest number becomes the smallest.
    #expect(try NumPyArray(tensor + 1).fileContents() == Self.file([2, 3, 4, .min]))
  }
}
