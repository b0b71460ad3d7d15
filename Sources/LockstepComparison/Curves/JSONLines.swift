#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Loss curves as a JSON object a line.
enum JSONLines {
  /// Reads the curve; the keys of all objects together are the columns.
  static func curves(
    _ bytes: [UInt8], _ path: String, _ wanted: CurveColumns
  ) throws(CurveError) -> [LossCurve] {
    let objects = try objects(bytes, path)
    // By the order of their first appearance, as far as an object has one: sorted within a line.
    var names: [String] = []
    for object in objects {
      for name in object.values.keys.sorted() where !names.contains(name) { names.append(name) }
    }
    let found = try FoundColumns(names, wanted, path: path, line: objects.first?.line ?? 1)
    guard let loss = found.losses.first, found.losses.count == 1 else {
      throw CurveError("\(path) holds several losses; --loss-column names one")
    }
    var table = CurveTable(path: path)
    for object in objects {
      func text(_ column: Int?) -> String? { column.flatMap { object.values[names[$0]]?.text } }
      guard let value = text(loss.column) else { continue }
      if found.step != nil, text(found.step) == nil {
        throw CurveError(path, line: object.line, "a loss without a step")
      }
      try table.add(
        line: object.line, step: text(found.step), loss: value, time: text(found.time),
        epoch: text(found.epoch))
    }
    return [try table.curve(path, seed: Seed.named(in: path))]
  }

  private static func objects(
    _ bytes: [UInt8], _ path: String
  ) throws(CurveError) -> [(line: Int, values: [String: Value])] {
    let decoder = JSONDecoder()
    var objects: [(line: Int, values: [String: Value])] = []
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    let lines = bytes.dropFirst(isMarked ? 3 : 0)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.contains(where: { $0 > 32 }) {
      do {
        let values = try decoder.decode([String: Value].self, from: Data(quotingNonFinite(line)))
        objects.append((index + 1, values))
      } catch {
        throw CurveError(path, line: index + 1, "not a JSON object: each line must be one of its own")
      }
    }
    return objects
  }

  /// Python writes NaN and Infinity, which JSON has not: as text they can be read. (Foundation's JSON5 has them,
  /// and crashes on bytes that are no UTF-8.)
  private static func quotingNonFinite(_ line: ArraySlice<UInt8>) -> [UInt8] {
    let names = ["NaN", "-Infinity", "Infinity"].map { Array($0.utf8) }
    let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
    var result: [UInt8] = []
    var rest = line
    var isQuoted = false
    while let byte = rest.first {
      if !isQuoted, let name = names.first(where: { rest.starts(with: $0) }) {
        result += [quote] + name + [quote]
        rest = rest.dropFirst(name.count)
        continue
      }
      if byte == quote { isQuoted.toggle() }
      let count = isQuoted && byte == backslash ? 2 : 1
      result += rest.prefix(count)
      rest = rest.dropFirst(count)
    }
    return result
  }

  /// What a key may hold; only numbers and text are of use here.
  private enum Value: Decodable {
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .text("\(number)")
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .other
      }
    }

    /// The number or text as it would stand in a table.
    var text: String? { if case .text(let text) = self { text } else { nil } }
  }
}
