import LockstepData
import Testing

/// One file of the corpus and what it holds; written by `scripts/goldens/make_png_corpus.py`.
struct CorpusCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let width, height: Int
  let colorType: UInt8
  let bitDepth: Int
  let isInterlaced, hasTransparency, isGray: Bool
  let gray, rgb, rgba: String

  static let all = Fixtures.json("png/expected.json", as: [CorpusCase].self)

  var testDescription: String { name }
  var file: [UInt8] { Fixtures.bytes("png/\(name).png") }

  func expected(_ channels: PNGImage.Channels) -> [UInt8] {
    switch channels {
    case .gray: bytes(ofHex: gray)
    case .rgb: bytes(ofHex: rgb)
    case .rgba: bytes(ofHex: rgba)
    }
  }
}

@Suite("PNG: every colour type, depth, interlacing and transparency")
struct PNGCorpusTests {
  @Test("the corpus covers the formats of the PNG specification")
  func coverage() {
    let combinations = Set(CorpusCase.all.map { "\($0.colorType)/\($0.bitDepth)/\($0.isInterlaced)" })
    #expect(combinations.count == 30)
  }

  @Test("headers are read as written", arguments: CorpusCase.all)
  func header(expected: CorpusCase) throws {
    let header = try PNGDecoder().header(of: expected.file)
    #expect(header.width == expected.width)
    #expect(header.height == expected.height)
    #expect(header.colorType.rawValue == expected.colorType)
    #expect(header.bitDepth == expected.bitDepth)
    #expect(header.isInterlaced == expected.isInterlaced)
    #expect(header.hasTransparency == expected.hasTransparency)
    #expect(header.isGray == expected.isGray)
  }

  @Test("pixels are what the file was made of", arguments: CorpusCase.all, PNGImage.Channels.allCases)
  func pixels(expected: CorpusCase, channels: PNGImage.Channels) throws {
    let image = try PNGDecoder().decode(expected.file, channels: channels)
    #expect(image.width == expected.width)
    #expect(image.height == expected.height)
    #expect(image.pixels == expected.expected(channels))
  }

  @Test("without a wish, gray files become gray and all others RGB", arguments: CorpusCase.all)
  func automaticChannels(expected: CorpusCase) throws {
    let image = try PNGDecoder().decode(expected.file)
    #expect(image.channels == (expected.isGray ? .gray : .rgb))
    #expect(image.pixels == expected.expected(image.channels))
  }

  @Test("a file gives the same header and pixels as its bytes")
  func file() throws {
    let path = Fixtures.path("png/rgb8-trns.png")
    let expected = Fixtures.bytes("png/rgb8-trns.png")
    #expect(try PNGDecoder().header(ofFile: path) == PNGDecoder().header(of: expected))
    #expect(
      try PNGDecoder().decode(contentsOf: path, channels: .rgba)
        == PNGDecoder().decode(expected, channels: .rgba))
  }
}
