import LockstepData
import Testing

@Suite("PNG: writing")
struct PNGEncoderTests {
  @Test("what is written is read back", arguments: PNGImage.Channels.allCases, [(1, 1), (7, 3), (300, 200)])
  func roundTrip(channels: PNGImage.Channels, size: (width: Int, height: Int)) throws {
    let count = size.width * size.height * channels.rawValue
    let pixels = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 / 3) }
    let image = PNGImage(width: size.width, height: size.height, channels: channels, pixels: pixels)
    let file = try PNGEncoder.encode(image)
    #expect(try PNGDecoder().decode(file, channels: channels) == image)
  }

  @Test("an image without pixels is refused")
  func empty() {
    let image = PNGImage(width: 0, height: 4, channels: .rgb, pixels: [])
    #expect(throws: PNGError.invalidImage("a PNG has no sides of 0x4")) { try PNGEncoder.encode(image) }
  }
}
