import LockstepData

/// What a net in PyTorch calls the modules that are not called by their numbers.
///
/// A file has a line a module, the layer's path here and the module's there:
///
///     # layer     module
///     layers.0    conv1
///     layers.6    fc
///
/// What is inside of a module that is named keeps its numbers within it.
public struct PyTorchNames: Hashable, Sendable {
  /// Module names by the path of the layer.
  public let modules: [String: String]

  /// Creates names; without any, modules are called by their numbers.
  public init(_ modules: [String: String] = [:]) { self.modules = modules }

  /// Reads a file.
  ///
  /// - Throws: ``CheckpointError`` with the file, the line and what is wrong.
  public init(file: String) throws(CheckpointError) {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(file, limit: 1 << 20)
    } catch {
      throw CheckpointError("\(file) can't be read: \(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CheckpointError("\(file) is not UTF-8 text")
    }
    var modules: [String: String] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != "#" }.split { $0.isWhitespace }.map(String.init)
      if words.isEmpty { continue }
      guard words.count == 2 else {
        throw CheckpointError("\(file):\(index + 1): expected a layer and a module, such as 'layers.0 conv1'")
      }
      guard modules.updateValue(words[1], forKey: words[0]) == nil else {
        throw CheckpointError("\(file):\(index + 1): \(words[0]) is named twice")
      }
    }
    self.modules = modules
  }
}
