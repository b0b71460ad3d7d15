/// The frame of a drawing that stands by itself: with a background, and dark where the viewer is.
enum SVGDocument {
  /// The document's text.
  ///
  /// - Parameters:
  ///   - identifier: What names in the document start with.
  ///   - title: What the drawing is, for those who can't see it.
  ///   - description: What is to be seen in it, for them.
  ///   - draw: Writes the drawing.
  static func text(
    _ identifier: String, title: String, description: String, size: (width: Double, height: Double),
    draw: (inout Markup) -> Void
  ) -> String {
    let (width, height) = (Markup.number(size.width), Markup.number(size.height))
    var markup = Markup()
    markup.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height,
        "viewBox": "0 0 \(width) \(height)", "role": "img",
        "aria-labelledby": "\(identifier)-title \(identifier)-description",
        "font-family": ChartSVG.fonts, "font-size": "12",
      ]
    ) { svg in
      svg.element("title", ["id": "\(identifier)-title"], text: title)
      svg.element("desc", ["id": "\(identifier)-description"], text: description)
      svg.element("style") { $0.raw(Palette.styles) }
      svg.empty("rect", filled("paper", Palette.paper) + [("width", "100%"), ("height", "100%")])
      draw(&svg)
    }
    markup.raw("\n")
    return markup.text
  }

  /// The attributes of what is filled with an ink.
  static func filled(_ name: String, _ ink: Palette.Ink) -> [(key: String, value: String)] {
    [("class", "ink-\(name)"), ("color", ink.light), ("fill", "currentColor")]
  }
}
