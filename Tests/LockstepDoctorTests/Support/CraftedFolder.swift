import Foundation

/// A fresh folder to put crafted files into; it is gone with its owner.
final class CraftedFolder: Sendable {
  let path: String

  init() {
    let url = FileManager.default.temporaryDirectory.appending(path: "lockstep-doctor-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders it is in.
  func write(_ bytes: [UInt8], to name: String) {
    let file = "\(path)/\(name)"
    makeFolder((name as NSString).deletingLastPathComponent)
    precondition(FileManager.default.createFile(atPath: file, contents: Data(bytes)), file)
  }

  func write(_ text: String, to name: String) { write(Array(text.utf8), to: name) }

  func makeFolder(_ name: String) {
    try! FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
  }

  func link(_ name: String, to target: String) {
    makeFolder((name as NSString).deletingLastPathComponent)
    try! FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
  }

  /// A virtual environment with an interpreter.
  func makeEnvironment(_ name: String = "env", interpreter: [UInt8]) {
    write(
      "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.9.1\n", to: "\(name)/pyvenv.cfg")
    write(interpreter, to: "\(name)/bin/python3.9")
    link("\(name)/bin/python3", to: "python3.9")
    makeFolder("\(name)/lib/python3.9/site-packages")
  }

  /// A wheel's distribution with its files.
  func install(
    _ name: String, _ version: String, tag: String, in environment: String = "env", hasRecord: Bool = true,
    files: [String: [UInt8]]
  ) {
    let packages = "\(environment)/lib/python3.9/site-packages"
    let information = "\(packages)/\(name)-\(version).dist-info"
    write(
      "Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\n\nName: not this one\n",
      to: "\(information)/METADATA")
    write("Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: \(tag)\n", to: "\(information)/WHEEL")
    write("pip\n", to: "\(information)/INSTALLER")
    if hasRecord {
      let lines = files.keys.sorted().map { $0.contains(",") ? "\"\($0)\",sha256=x,1" : "\($0),sha256=x,1" }
      write(lines.joined(separator: "\n") + "\n", to: "\(information)/RECORD")
    }
    for (file, bytes) in files { write(bytes, to: "\(packages)/\(file)") }
  }
}
