import Foundation
import LockstepReports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An SVG document as an XML parser sees it, and read as a person reads a chart: by the numbers on its axes.
struct Drawing {
  /// An element with its attributes and the text directly in it.
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
    /// The names of the elements around it.
    var path: [String]

    func number(_ name: String) -> Double { Double(attributes[name] ?? "") ?? .nan }

    /// The corners of a path, or the centres of what it starts at.
    var corners: [Chart.Point] {
      (attributes["d"] ?? "").matches(of: /[ML](-?[0-9.]+) (-?[0-9.]+)/).map {
        Chart.Point(Double($0.1)!, Double($0.2)!)
      }
    }
  }

  let elements: [Element]

  /// Parses a document; nil if it is not XML.
  init?(_ svg: String) {
    let reader = Reader()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    guard parser.parse() else { return nil }
    elements = reader.elements
  }

  var texts: [String] { elements.filter { $0.name == "text" }.map(\.text) }

  /// What is drawn within the plot: everything that is clipped to it.
  var marks: [Element] {
    elements.filter { $0.name == "path" && $0.attributes["fill-opacity"] == nil && isMark($0) }
  }

  /// Lines of series.
  var lines: [Element] { elements.filter { $0.attributes["stroke-linecap"] == "round" } }

  /// Areas and points.
  var areas: [Element] { elements.filter { $0.name == "path" && $0.attributes["fill-opacity"] != nil } }

  /// Bars, without their hatching.
  var bars: [Element] {
    elements.filter { $0.name == "rect" && $0.attributes["fill"] == "currentColor" && $0.path.last == "g" }
  }

  /// The rectangle that marks are clipped to.
  var plot: Element? { elements.first { $0.path.last == "clipPath" } }

  private func isMark(_ element: Element) -> Bool { element.path.filter { $0 == "g" }.count >= 2 }

  /// Where a number lies on the vertical axis by the labels of two others.
  func vertical(_ value: Double, isLogarithmic: Bool = false) -> Double {
    interpolated(
      value, isLogarithmic, labels: labels(anchor: "end").map { ($0.value, $0.element.number("y") - 4) })
  }

  /// Where a number lies on the horizontal axis by the labels of two others.
  func horizontal(_ value: Double, isLogarithmic: Bool = false) -> Double {
    interpolated(
      value, isLogarithmic, labels: labels(anchor: "middle").map { ($0.value, $0.element.number("x")) })
  }

  private func labels(anchor: String) -> [(value: Double, element: Element)] {
    elements.filter { $0.name == "text" && $0.attributes["text-anchor"] == anchor }.compactMap { element in
      Self.number(element.text).map { ($0, element) }
    }
  }

  private func interpolated(_ value: Double, _ isLogarithmic: Bool, labels: [(Double, Double)]) -> Double {
    guard let (low, lowPlace) = labels.first, let (high, highPlace) = labels.last, low != high else {
      return .nan
    }
    func scaled(_ value: Double) -> Double { isLogarithmic ? log10(value) : value }
    let part = (scaled(value) - scaled(low)) / (scaled(high) - scaled(low))
    return lowPlace + part * (highPlace - lowPlace)
  }

  /// The number that a label says.
  static func number(_ text: String) -> Double? {
    var text = text.replacing(",", with: "").replacing("−", with: "-")
    for (raised, digit) in zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789") {
      text = text.replacing("\(raised)", with: "^\(digit)")
    }
    guard text.contains("10^") else { return Double(text) }
    let parts = text.split(separator: "×")
    let exponent = parts.last!.dropFirst(2).replacing("^", with: "")
    return Double("\(parts.count == 2 ? parts[0] : "1")e\(exponent)")
  }
}

private final class Reader: NSObject, XMLParserDelegate {
  var elements: [Drawing.Element] = []
  private var open: [Int] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    elements.append(.init(name: name, attributes: attributes, path: open.map { elements[$0].name }))
    open.append(elements.count - 1)
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let last = open.last { elements[last].text += text }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
  {
    open.removeLast()
  }
}
