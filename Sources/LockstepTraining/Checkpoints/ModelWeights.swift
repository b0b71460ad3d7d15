public import LockstepCore
public import LockstepData
public import LockstepNN

/// A model's state in host memory: parameters, running statistics.
public struct ModelWeights: Sendable {
  /// The tensors, in the model's order.
  public let entries: [Safetensors.Entry]

  init(_ entries: [Safetensors.Entry]) { self.entries = entries }

  /// Downloads the state of a model, such as ``/LockstepNN/Module/state``.
  public init(of parameters: [NamedParameter]) throws(BackendError) {
    var entries: [Safetensors.Entry] = []
    for named in parameters { entries.append(try .init(name: named.name, named.parameter.value)) }
    self.entries = entries
  }

  /// Reads parameters from a safetensors file.
  ///
  /// - Throws: ``CheckpointError`` naming the file.
  public init(file: String) throws(CheckpointError) {
    entries = try Safetensors.read(file)
  }

  /// The bytes of a safetensors file with these parameters.
  public var fileContents: [UInt8] { Safetensors.encode(entries) }

  /// The SHA-256 of ``fileContents``: what `sha256sum` says of the file.
  public var digest: SHA256Digest { SHA256Digest(of: fileContents) }

  /// Uploads the tensors into a model's state.
  ///
  /// - Throws: ``CheckpointError`` if names, shapes or dtypes differ from the model's, before anything is
  ///   changed.
  public func load(into parameters: [NamedParameter], on device: Device = .default) throws(CheckpointError) {
    let found = try entries(of: parameters)
    for (named, entry) in zip(parameters, found) { named.parameter.value = entry.tensor(on: device) }
  }

  /// Throws ``CheckpointError`` if the weights are not those of a model's state: another name, shape or dtype.
  public func check(for parameters: [NamedParameter]) throws(CheckpointError) {
    _ = try entries(of: parameters)
  }

  /// The entry of every parameter.
  ///
  /// - Throws: ``CheckpointError`` if the weights are not those of the parameters.
  func entries(of parameters: [NamedParameter]) throws(CheckpointError) -> [Safetensors.Entry] {
    let named = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    var found: [Safetensors.Entry] = []
    for parameter in parameters {
      guard let entry = named[parameter.name] else {
        throw CheckpointError("the weights have no parameter \(parameter.name); they are of another model")
      }
      let expected = parameter.parameter.spec
      guard entry.spec == expected else {
        throw CheckpointError(
          "parameter \(parameter.name) is \(entry.spec) in the weights and \(expected) in the model")
      }
      found.append(entry)
    }
    if let extra = entries.first(where: { entry in !parameters.contains { $0.name == entry.name } }) {
      throw CheckpointError("the model has no parameter \(extra.name); the weights are of another model")
    }
    return found
  }
}

extension Parameter {
  /// What a value must be: of the dtype it has or, before the model is initialised, of the usual one.
  var spec: TensorSpec { TensorSpec(shape, isInitialized ? value.dtype : .float32) }
}

/// Why a checkpoint can't be read.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, if it is about one, and what is wrong.
  public let description: String

  init(_ description: String) { self.description = description }
}

extension Safetensors {
  /// The tensors of a file.
  ///
  /// - Throws: ``CheckpointError`` naming the file and what is wrong with it.
  static func read(_ path: String) throws(CheckpointError) -> [Entry] {
    let bytes: [UInt8]
    do {
      bytes = try FileReader.read(path, limit: 16 << 30)
    } catch {
      throw CheckpointError("\(path) can't be read: \(error)")
    }
    do {
      return try decode(bytes)
    } catch {
      throw CheckpointError("\(path) is not a sound safetensors file: \(error)")
    }
  }
}
