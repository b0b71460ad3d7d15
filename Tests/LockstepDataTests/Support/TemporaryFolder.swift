import Foundation
import LockstepData

/// A folder that is gone with its owner, for data sets that are wrong in one thing.
final class TemporaryFolder {
  let path: String

  init() {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("lockstep-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func makeFolder(_ name: String) {
    try! FileManager.default.createDirectory(
      atPath: path + "/" + name, withIntermediateDirectories: true)
  }

  func write(_ bytes: [UInt8], to name: String) {
    makeFolder((name as NSString).deletingLastPathComponent)
    precondition(FileManager.default.createFile(atPath: path + "/" + name, contents: Data(bytes)))
  }

  func writePNG(
    _ name: String, width: Int = 2, height: Int = 2, channels: PNGImage.Channels = .gray, value: UInt8 = 0
  ) {
    write(Self.png(width: width, height: height, channels: channels, value: value), to: name)
  }

  func link(_ name: String, to target: String) {
    makeFolder((name as NSString).deletingLastPathComponent)
    try! FileManager.default.createSymbolicLink(
      atPath: path + "/" + name, withDestinationPath: target)
  }

  /// Loads this folder, or one in it. Not `ImageFolder.load(folder.path)`: the folder may be gone after the
  /// last use of its object, which that would be.
  func load(_ options: ImageFolder.Options = .init(), at name: String = "") throws(DatasetError)
    -> ImageFolder
  {
    try withExtendedLifetime(self) { () throws(DatasetError) in
      try ImageFolder.load(path + name, options: options)
    }
  }

  static func png(
    width: Int = 2, height: Int = 2, channels: PNGImage.Channels = .gray, value: UInt8 = 0
  ) -> [UInt8] {
    let pixels = [UInt8](repeating: value, count: width * height * channels.rawValue)
    let image = PNGImage(width: width, height: height, channels: channels, pixels: pixels)
    return try! PNGEncoder.encode(image)
  }

  /// `train` and `test` of classes `a` and `b`, two images each: 10, 11 and 20, 21; test 30, 31 and 40, 41.
  static func withSplit() -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (group, base) in [("train/a", 10), ("train/b", 20), ("test/a", 30), ("test/b", 40)] {
      folder.writePNG("\(group)/0.png", value: UInt8(base))
      folder.writePNG("\(group)/1.png", value: UInt8(base + 1))
    }
    return folder
  }
}
