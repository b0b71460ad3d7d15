import Foundation
import LockstepData
import LockstepReports
import Testing

@Suite("Contact sheets")
struct ContactSheetTests {
  private func picture(_ pixels: [UInt8], width: Int = 2) -> PNGImage {
    PNGImage(width: width, height: pixels.count / width, channels: .gray, pixels: pixels)
  }

  private var sheet: ContactSheet {
    ContactSheet(
      "Cats & dogs", summary: "Two pictures.",
      items: [
        ContactSheet.Item(picture([0, 255, 255, 0]), caption: "cat", detail: "99.0 %"),
        ContactSheet.Item(picture([9, 9, 9, 9]), caption: "<dog>", detail: "51.0 %, is cat", isMarked: true),
      ])
  }

  /// The elements of a name.
  private func elements(_ name: String, of svg: String) throws -> [Drawing.Element] {
    try #require(Drawing(svg)).elements.filter { $0.name == name }
  }

  @Test("every picture is in the document, its pixels enlarged by a whole factor")
  func pictures() throws {
    let images = try elements("image", of: sheet.svg())
    #expect(images.count == 2)
    let address = try #require(images[0].attributes["href"])
    #expect(address.hasPrefix("data:image/png;base64,"))
    let bytes = try #require(Data(base64Encoded: String(address.dropFirst(22))))
    let image = try PNGDecoder().decode([UInt8](bytes))
    #expect(image.width == 192 && image.height == 192)
    #expect(image.pixels[0] == 0 && image.pixels[95] == 0 && image.pixels[96] == 255)
    #expect(image.pixels[191 * 192] == 255 && image.pixels[191 * 192 + 191] == 0)
  }

  @Test("captions stand below their pictures; the marked one has a sign, another ink and a thick frame")
  func captions() throws {
    let svg = try sheet.svg()
    let texts = try elements("text", of: svg)
    #expect(
      texts.map(\.text) == ["Cats & dogs", "Two pictures.", "cat", "99.0 %", "✗ <dog>", "51.0 %, is cat"])
    let images = try elements("image", of: svg)
    for (image, text) in zip(images, [texts[2], texts[4]]) {
      let bottom = try #require(Double(image.attributes["y"]!)) + 96
      #expect(try #require(Double(text.attributes["y"]!)) > bottom)
      #expect(text.attributes["x"] == image.attributes["x"])
    }
    #expect(texts[2].attributes["class"] != texts[4].attributes["class"])
    let frames = try elements("rect", of: svg).dropFirst()
    #expect(frames.map { $0.attributes["stroke-width"] } == ["1", "3"])
  }

  @Test("many pictures make rows within the sheet's width")
  func rows() throws {
    let sheet = ContactSheet(
      "Many", summary: "", items: (0..<50).map { .init(picture([0, 0, 0, 0]), caption: "\($0)") })
    let svg = try sheet.svg()
    let images = try elements("image", of: svg)
    let root = try #require(try elements("svg", of: svg).first).attributes
    let (width, height) = (Double(root["width"]!)!, Double(root["height"]!)!)
    #expect(images.allSatisfy { Double($0.attributes["x"]!)! + 96 <= width })
    #expect(images.allSatisfy { Double($0.attributes["y"]!)! + 96 + 31 <= height })
    #expect(Set(images.map { "\($0.attributes["x"]!) \($0.attributes["y"]!)" }).count == 50)
    #expect(Set(images.map { $0.attributes["y"]! }).count == 5)
  }

  @Test("a picture without pixels is an error")
  func empty() {
    let sheet = ContactSheet("", summary: "", items: [.init(picture([], width: 1), caption: "")])
    #expect(throws: ReportError.self) { try sheet.svg() }
  }

  @Test("a sheet as PNG is twice as large as its drawing")
  func png() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "lockstep-\(UUID().uuidString).png")
      .path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try ReportFile.write(sheet, to: file)
    let header = try PNGDecoder().header(ofFile: file)
    let root = try #require(try elements("svg", of: sheet.svg()).first).attributes
    #expect(Double(header.width) == 2 * Double(root["width"]!)!)
    #expect(Double(header.height) == 2 * Double(root["height"]!)!)
  }
}
