public import LockstepCore
import LockstepData
public import LockstepNN

extension Module {
  /// Writes everything in ``Module/state`` to a safetensors file, which appears when it is complete.
  ///
  /// - Throws: ``CheckpointError`` if the file can't be written, ``BackendError`` from the device.
  public func save(to path: String) throws {
    let contents = try ModelWeights(of: state).fileContents
    do {
      try AtomicFile.write(contents, to: path)
    } catch {
      throw CheckpointError("\(path) can't be written: \(error)")
    }
  }
}

extension Layer {
  /// Builds the model for examples of a shape (without the batch dimension) and gives it the weights of a
  /// safetensors file.
  ///
  /// ```swift
  /// try model.load(from: "digits.safetensors", input: [8, 8, 1])
  /// ```
  /// - Throws: ``ModelError`` if such examples don't fit the model, ``CheckpointError`` if the file is no good or
  ///   of another model; its message names the file and what differs.
  public func load(from path: String, input: Shape, on device: Device = .default) throws {
    try build(input: input)
    let weights = try ModelWeights(file: path)
    do {
      try weights.load(into: state, on: device)
    } catch {
      throw CheckpointError("\(path): \(error)")
    }
  }
}
