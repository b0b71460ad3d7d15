import LockstepData
import Testing

@testable import struct LockstepData.BilinearResize

@Suite("Resizing")
struct ResizeTests {
  struct Case: Decodable, Sendable {
    let from, to: String
    let input, output: [UInt8]
  }

  @Test("agrees with exact fractions", arguments: Fixtures.json("resize.json", as: [Case].self))
  func golden(expected: Case) throws {
    let from = try #require(ImageSize(expected.from))
    let to = try #require(ImageSize(expected.to))
    let resize = BilinearResize(from: from, to: to, channels: 3)
    let output = [UInt8](unsafeUninitializedCapacity: expected.output.count) { buffer, count in
      expected.input.withUnsafeBufferPointer { resize($0, into: buffer) }
      count = expected.output.count
    }
    #expect(output == expected.output)
  }

  @Test("brings images of all sizes to the one asked for")
  func folder() throws {
    let folder = TemporaryFolder.withSplit()
    folder.writePNG("train/b/2.png", width: 9, height: 5, value: 77)
    let data = try folder.load(.init(resize: ImageSize(width: 4, height: 3)))
    #expect(shape(data.train) == [3, 4, 1])
    #expect(shape(data.test) == [3, 4, 1])
    #expect(data.train.images == [10, 11, 20, 21, 77].flatMap { [UInt8](repeating: $0, count: 12) })
  }

  @Test("sizes are read as people write them")
  func sizes() {
    #expect(ImageSize("28x14") == ImageSize(width: 28, height: 14))
    #expect(ImageSize("32") == ImageSize(width: 32, height: 32))
    for wrong in ["", "x", "0", "-3", "28x", "28x0", "1x2x3", "a", "28 x 28"] {
      #expect(ImageSize(wrong) == nil, "\(wrong)")
    }
  }
}
