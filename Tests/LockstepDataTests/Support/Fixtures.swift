import Foundation

/// The files made by `scripts/goldens/make_png_corpus.py`, and the ones made from `datasets/digits`.
enum Fixtures {
  /// The repository's digits.
  static let digits = URL(filePath: #filePath).appending(path: "../../../../datasets/digits").standardized
    .path

  /// The path of a fixture.
  static func path(_ name: String) -> String {
    Bundle.module.resourceURL!.appendingPathComponent("Fixtures").appendingPathComponent(name).path
  }

  /// The contents of a fixture.
  static func bytes(_ name: String) -> [UInt8] {
    [UInt8](FileManager.default.contents(atPath: path(name))!)
  }

  /// A fixture in JSON.
  static func json<Value: Decodable>(_ name: String, as type: Value.Type) -> Value {
    try! JSONDecoder().decode(type, from: Data(bytes(name)))
  }
}

/// The bytes behind hexadecimal digits.
func bytes(ofHex text: String) -> [UInt8] {
  let digits = text.utf8.map { $0 >= 0x61 ? $0 - 0x61 + 10 : $0 - 0x30 }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
