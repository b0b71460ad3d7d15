import LockstepData

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ContactSheet {
  /// The sheet as an SVG document that stands by itself, pictures included, and dark where the viewer is.
  ///
  /// - Throws: `ReportError` if a picture can't be encoded: one without pixels.
  public func svg() throws(ReportError) -> String {
    let drawing = ContactSheetSVG(self)
    var pictures: [String] = []
    for item in items { pictures.append(try ContactSheetSVG.address(of: item.image)) }
    return drawing.document(pictures)
  }
}

/// Lays a sheet out and draws it.
struct ContactSheetSVG {
  /// Sizes in pixels.
  private enum Size {
    /// A side of the square a picture is fitted in.
    static let picture = 96.0
    /// A cell: the picture, two lines of text, and room between them.
    static let cell = (width: 112.0, height: 142.0)
    static let edge = 20.0
    static let title = 17.0
    static let text = 12.0
    /// Lines of the heading.
    static let line = 18.0
  }

  /// More columns would make a sheet wider than a screen.
  private static let mostColumns = 16
  /// Fewer leave no room for the heading.
  private static let fewestColumns = 4

  private let sheet: ContactSheet
  private let columns: Int
  private let summary: [String]

  init(_ sheet: ContactSheet) {
    self.sheet = sheet
    // A sheet about three wide and two high, as a screen is.
    let ratio = 1.5 * Size.cell.height / Size.cell.width
    let wanted = Int((Double(sheet.items.count) * ratio).squareRoot().rounded(.up))
    columns = min(Self.mostColumns, max(Self.fewestColumns, wanted))
    let room = Double(columns) * Size.cell.width
    summary = TextMetrics.lines(sheet.summary, width: room, size: Size.text, atMost: 3)
  }

  private var width: Double { 2 * Size.edge + Double(columns) * Size.cell.width }
  private var top: Double { Size.edge + Size.title + Size.line * Double(summary.count) + 22 }
  private var height: Double {
    let rows = (sheet.items.count + columns - 1) / columns
    return top + Double(rows) * Size.cell.height + Size.edge / 2
  }

  func document(_ pictures: [String]) -> String {
    SVGDocument.text("sheet", title: sheet.title, description: sheet.summary, size: (width, height)) { svg in
      drawHeading(in: &svg)
      for (index, picture) in pictures.enumerated() {
        draw(sheet.items[index], picture, at: place(index), in: &svg)
      }
    }
  }

  private func drawHeading(in svg: inout Markup) {
    let room = width - 2 * Size.edge
    let title = TextMetrics.fitted(sheet.title, to: room, size: Size.title)
    var y = Size.edge + Size.title
    write(title, at: (Size.edge, y), size: Size.title, isBold: true, in: &svg)
    for line in summary {
      y += Size.line
      write(line, at: (Size.edge, y), ink: ("muted", Palette.muted), in: &svg)
    }
  }

  private func place(_ index: Int) -> (x: Double, y: Double) {
    (
      Size.edge + Double(index % columns) * Size.cell.width,
      top + Double(index / columns) * Size.cell.height
    )
  }

  private func draw(
    _ item: ContactSheet.Item, _ picture: String, at place: (x: Double, y: Double), in svg: inout Markup
  ) {
    let side = Markup.number(Size.picture)
    svg.empty(
      "image",
      [
        "x": Markup.number(place.x), "y": Markup.number(place.y), "width": side, "height": side,
        "href": picture,
      ])
    // Round every picture, so that a white one is seen on white paper.
    let frame = item.isMarked ? ("1", Palette.ink(1), "3") : ("axis", Palette.axis, "1")
    svg.empty(
      "rect",
      [
        "x": Markup.number(place.x), "y": Markup.number(place.y), "width": side, "height": side,
        "fill": "none", "class": "ink-\(frame.0)", "color": frame.1.light, "stroke": "currentColor",
        "stroke-width": frame.2,
      ])
    let caption = TextMetrics.fitted(
      item.isMarked ? "✗ \(item.caption)" : item.caption, to: Size.picture + 8, size: Size.text)
    let ink = item.isMarked ? ("1", Palette.ink(1)) : ("text", Palette.text)
    write(caption, at: (place.x, place.y + Size.picture + 16), isBold: true, ink: ink, in: &svg)
    write(
      TextMetrics.fitted(item.detail, to: Size.picture + 8, size: Size.text),
      at: (place.x, place.y + Size.picture + 31), ink: ("muted", Palette.muted), in: &svg)
  }

  private func write(
    _ text: String, at place: (x: Double, y: Double), size: Double = Size.text, isBold: Bool = false,
    ink: (String, Palette.Ink) = ("text", Palette.text), in svg: inout Markup
  ) {
    svg.element(
      "text",
      [
        ("x", Markup.number(place.x)), ("y", Markup.number(place.y)), ("font-size", Markup.number(size)),
        ("font-weight", isBold ? "600" : "400"),
      ] + SVGDocument.filled(ink.0, ink.1), text: text)
  }

  /// A picture as a `data:` address. Small ones are enlarged by whole factors, so that their pixels stay squares in
  /// viewers that would blur them.
  static func address(of image: PNGImage) throws(ReportError) -> String {
    let longest = max(image.width, image.height)
    let wanted = Int(Size.picture) * PNGRenderer.scale
    let factor = longest == 0 ? 1 : max(1, (wanted + longest - 1) / longest)
    do {
      let bytes = try PNGEncoder.encode(image.enlarged(by: factor))
      return "data:image/png;base64,\(Data(bytes).base64EncodedString())"
    } catch {
      throw ReportError("a picture of the contact sheet can't be encoded: \(error)")
    }
  }
}

extension PNGImage {
  /// The image with each pixel as a square of pixels.
  func enlarged(by factor: Int) -> PNGImage {
    guard factor > 1 else { return self }
    let count = channels.rawValue
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count * factor * factor)
    for row in 0..<height {
      var line: [UInt8] = []
      for column in 0..<width {
        let start = (row * width + column) * count
        for _ in 0..<factor { line += pixels[start..<(start + count)] }
      }
      for _ in 0..<factor { result += line }
    }
    return PNGImage(width: width * factor, height: height * factor, channels: channels, pixels: result)
  }
}
