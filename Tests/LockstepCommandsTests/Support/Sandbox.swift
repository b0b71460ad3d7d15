import Foundation
import LockstepData
import Testing

/// A fresh folder with a tiny data set and model, in which the real programs run; it is gone with its owner.
final class Sandbox: Sendable {
  /// The model in ``init(_:)``: small, with dropout, trained in a tenth of a second.
  static let model = """
    name: tiny
    layers:
      - flatten
      - dense: {units: 8, activation: relu}
      - dropout: {rate: 0.2}
      - dense: {units: classes}
    training:
      epochs: 3
      batchSize: 4
      learningRate: 0.1

    """

  let path: String

  /// In memory where that is possible: a run waits for the disk several times an epoch.
  static let place =
    FileManager.default.isWritableFile(atPath: "/dev/shm")
    ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory

  /// Makes the folder, with `model.yaml` and with `data`: 18 training and 9 test images in three classes.
  init(hasData: Bool = true) {
    let url = Self.place.appending(path: "lockstep-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
    write(Array(Self.model.utf8), to: "model.yaml")
    guard hasData else { return }
    for (split, count) in [("train", 6), ("test", 3)] {
      for (label, name) in ["ant", "bee", "cat"].enumerated() {
        for index in 0..<count {
          writeImage("data/\(split)/\(name)/\(index).png", label: label, index: index)
        }
      }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders it is in.
  func write(_ bytes: [UInt8], to name: String) {
    let file = "\(path)/\(name)"
    makeFolder((name as NSString).deletingLastPathComponent)
    precondition(FileManager.default.createFile(atPath: file, contents: Data(bytes)), file)
  }

  func makeFolder(_ name: String) {
    try! FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
  }

  func remove(_ name: String) { try! FileManager.default.removeItem(atPath: "\(path)/\(name)") }

  func copy(_ name: String, of other: Sandbox) {
    try! FileManager.default.copyItem(atPath: "\(other.path)/\(name)", toPath: "\(path)/\(name)")
  }

  func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try #require(FileManager.default.contents(atPath: "\(path)/\(name)"), "\(name)"))
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// All files and folders, hidden ones too, sorted.
  var everything: [String] { FileManager.default.subpaths(atPath: path)!.sorted() }

  /// The record of a run.
  func record(_ run: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(try bytes("\(run)/run.json"))) as? [String: Any])
  }

  /// The digest of a run's final weights, as its record has it.
  func digest(_ run: String) throws -> String {
    try #require((try record(run)["result"] as? [String: Any])?["weightsDigest"] as? String)
  }

  /// An image whose class shows as a bright row.
  func writeImage(
    _ name: String, label: Int = 0, index: Int = 0, width: Int = 4, height: Int = 4,
    channels: PNGImage.Channels = .gray
  ) {
    write(Self.png(label: label, index: index, width: width, height: height, channels: channels), to: name)
  }

  static func png(
    label: Int = 0, index: Int = 0, width: Int = 4, height: Int = 4, channels: PNGImage.Channels = .gray
  ) -> [UInt8] {
    let pixels = (0..<width * height * channels.rawValue).map { position in
      let row = position / (width * channels.rawValue)
      return UInt8((position * 37 + index * 11) % 50 + (row == label ? 200 : 0))
    }
    return try! PNGEncoder.encode(PNGImage(width: width, height: height, channels: channels, pixels: pixels))
  }
}
