import LockstepData
import Testing

/// A decoded image, or why there is none.
func outcome(
  of file: [UInt8], channels: PNGImage.Channels = .rgba, decoder: PNGDecoder = PNGDecoder()
) -> Result<PNGImage, PNGError> {
  Result { () throws(PNGError) in try decoder.decode(file, channels: channels) }
}

@Suite("PNG: bad input")
struct PNGBadInputTests {
  static let samples = ["gray8", "rgb8-interlaced-trns", "palette4-trns", "rgba16", "gray1-interlaced"]

  @Test("a file cut anywhere is truncated, never an image", arguments: samples)
  func truncation(name: String) {
    let file = Fixtures.bytes("png/\(name).png")
    #expect(throws: Never.self) { try PNGDecoder().decode(file) }
    for count in 1..<file.count {
      #expect(
        outcome(of: Array(file.prefix(count))) == .failure(.truncated(byteCount: count)),
        "cut after \(count) of \(file.count) bytes")
    }
  }

  @Test("any flipped bit is noticed", arguments: samples)
  func bitFlips(name: String) {
    let file = Fixtures.bytes("png/\(name).png")
    for bit in 0..<file.count * 8 {
      var damaged = file
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: PNGError.self, "bit \(bit)") { try PNGDecoder().decode(damaged) }
    }
  }

  @Test("damage under correct check sums is an error or an image of the promised size", arguments: samples)
  func repairedCheckSums(name: String) {
    let decoder = PNGDecoder(pixelLimit: 1 << 14)
    let chunks = PNGChunks(Fixtures.bytes("png/\(name).png")).chunks
    let encoded = chunks.map(\.encoded)
    for (index, chunk) in chunks.enumerated() {
      for bit in 0..<chunk.data.count * 8 {
        var damaged = chunk
        damaged.data[bit / 8] ^= 1 << (bit % 8)
        var parts = encoded
        parts[index] = damaged.encoded
        let result = outcome(of: PNGChunks.signature + parts.joined(), decoder: decoder)
        guard case .success(let image) = result else { continue }
        #expect(image.pixels.count == image.width * image.height * 4)
      }
    }
  }

  @Test("a missing or misplaced chunk is noticed", arguments: ["palette4-trns"])
  func chunkOrder(name: String) {
    let whole = PNGChunks(Fixtures.bytes("png/\(name).png"))
    let critical = ["IHDR", "PLTE", "IDAT", "IEND"]
    for index in whole.chunks.indices where critical.contains(whole.chunks[index].kind) {
      var missing = whole
      missing.chunks.remove(at: index)
      #expect(throws: PNGError.self, "without chunk \(index)") { try PNGDecoder().decode(missing.file) }
    }
    var reversed = whole
    reversed.chunks.reverse()
    #expect(throws: PNGError.self) { try PNGDecoder().decode(reversed.file) }
  }

  @Test("compressed data that end early are corrupt, in libpng's words")
  func shortPixelData() {
    var chunks = PNGChunks(Fixtures.bytes("png/gray8.png"))
    let data = chunks.chunks.firstIndex { $0.kind == "IDAT" }!
    chunks.chunks[data].data = [0x78, 0x9C, 0x03, 0, 0, 0, 0, 1]
    chunks.chunks.removeAll { $0.kind == "IDAT" && $0.data.count != 8 }
    #expect(outcome(of: chunks.file) == .failure(.corrupt("Not enough image data")))
  }

  @Test("a wrong check sum names its chunk")
  func checkSum() {
    var file = Fixtures.bytes("png/gray8.png")
    file[file.count - 1] ^= 1
    #expect(outcome(of: file) == .failure(.corrupt("IEND: CRC error")))
  }

  @Test("a wrong check sum of the transparency is not ignored")
  func transparencyCheckSum() {
    var file = Fixtures.bytes("png/gray8-trns.png")
    let start = file.indices.first { file[$0...].starts(with: "tRNS".utf8) }!
    file[start + 5] ^= 1
    #expect(outcome(of: file) == .failure(.corrupt("tRNS: CRC error")))
  }

  @Test(
    "a header bomb is refused before anything of its size exists",
    arguments: [(100_000, 100_000), (0x7FFF_FFFF, 0x7FFF_FFFF), (64_000_001, 1)] as [(UInt32, UInt32)])
  func bombs(width: UInt32, height: UInt32) {
    let bomb = PNGChunks.bomb(width: width, height: height)
    let refusal = PNGError.tooLarge(width: Int(width), height: Int(height), pixelLimit: 64_000_000)
    #expect(throws: refusal) { try PNGDecoder().header(of: bomb) }
    #expect(outcome(of: bomb) == .failure(refusal))
  }

  @Test("the pixel limit is inclusive")
  func pixelLimit() {
    let file = Fixtures.bytes("png/gray8.png")
    #expect(throws: Never.self) { try PNGDecoder(pixelLimit: 99).decode(file) }
    #expect(throws: PNGError.tooLarge(width: 11, height: 9, pixelLimit: 98)) {
      try PNGDecoder(pixelLimit: 98).decode(file)
    }
  }

  @Test(
    "a side of zero or over 2³¹ is corrupt",
    arguments: [(0, 5), (5, 0), (0x8000_0000, 1)] as [(UInt32, UInt32)])
  func impossibleSides(width: UInt32, height: UInt32) {
    let result = outcome(of: PNGChunks.bomb(width: width, height: height))
    guard case .failure(.corrupt) = result else {
      Issue.record("\(result)")
      return
    }
  }

  @Test(
    "other formats are named",
    arguments: [
      ([], .empty),
      ([0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, 0x4A, 0x46, 0x49, 0x46], .jpeg),
      (Array("GIF89a".utf8) + [1, 0, 1, 0], .gif),
      (Array("BM".utf8) + [0x3A, 0, 0, 0, 0, 0, 0, 0], .bmp),
      (Array("RIFF".utf8) + [0x1A, 0, 0, 0] + Array("WEBPVP8 ".utf8), .webP),
      ([0x49, 0x49, 0x2A, 0, 8, 0, 0, 0], .tiff),
      (Array("<html>not found é</html>".utf8), .text),
      (Array("BMW is a word too".utf8), .text),
      ([0, 1, 2, 3, 4, 5, 6, 7, 8], .unknown),
    ] as [([UInt8], FileKind)])
  func otherFormats(file: [UInt8], kind: FileKind) {
    #expect(outcome(of: file) == .failure(.notPNG(kind)))
  }

  @Test(
    "each error is one clear line",
    arguments: [
      (.notPNG(.jpeg), "not a PNG: it looks like a JPEG"),
      (.truncated(byteCount: 12), "truncated PNG: it ends after 12 bytes, within the image"),
      (.corrupt("IDAT: CRC error"), "corrupt PNG: IDAT: CRC error"),
      (
        .tooLarge(width: 100_000, height: 100_000, pixelLimit: 64_000_000),
        "PNG of 100000x100000 pixels: more than the limit of 64000000 pixels"
      ),
    ] as [(PNGError, String)])
  func descriptions(error: PNGError, expected: String) {
    #expect(error.description == expected)
  }

  @Test("a path that cannot be read gives the system's reason")
  func unreadable() {
    #expect(throws: PNGError.self) { try PNGDecoder().decode(contentsOf: "/nonexistent/x.png") }
    let folder = Fixtures.path("png")
    let error = #expect(throws: PNGError.self) { try PNGDecoder().header(ofFile: folder) }
    #expect(error?.description == "unreadable file: it is a folder")
    let missing = #expect(throws: PNGError.self) { try PNGDecoder().header(ofFile: folder + "/none.png") }
    #expect(missing?.description == "unreadable file: No such file or directory")
  }
}
