import LockstepData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The folder of a run, `runs/<name>`, and the files in it.
public struct RunFolder: Hashable, Sendable {
  /// The folder.
  public let path: String

  /// Names a folder, which need not exist.
  public init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// What was trained on what, and what came of it: a ``RunRecord``.
  public var record: String { "\(path)/run.json" }
  /// A row a step.
  public var metrics: String { "\(path)/metrics.csv" }
  /// A row an epoch, see ``epochRows()``.
  public var epochs: String { "\(path)/epochs.csv" }
  /// The model specification, as it was read.
  public var model: String { "\(path)/model.yaml" }
  /// The weights after the last completed epoch, or where the training was asked to stop.
  public var lastWeights: String { "\(path)/last.safetensors" }
  /// The weights of the best epoch.
  public var bestWeights: String { "\(path)/best.safetensors" }
  /// The average of the weights, beside ``lastWeights`` and later ``finalWeights``, of a training that keeps one.
  public var averageWeights: String { "\(path)/ema.safetensors" }
  /// The weights of a completed training.
  public var finalWeights: String { "\(path)/final.safetensors" }
  /// The course of a profiled training's first steps.
  public var trace: String { "\(path)/trace.json" }
  /// Loss and accuracy as a drawing.
  public var curves: String { "\(path)/curves.svg" }
  /// Loss and accuracy as an image.
  public var curvesImage: String { "\(path)/curves.png" }
  /// A folder of what TensorBoard shows, if that was asked for.
  public var tensorBoard: String { "\(path)/tensorboard" }
  /// What a stopped training goes on from.
  public var checkpoint: String { "\(path)/checkpoint.safetensors" }

  /// Whether a run was recorded here.
  public var holdsRun: Bool { access(record, F_OK) == 0 }

  /// Makes the folder and those above it, with the text of the model specification in it.
  ///
  /// - Throws: ``RunFolderError`` if files can't be written there; nothing of a run is there then.
  public func create(model source: String) throws(RunFolderError) {
    try create()
    do {
      try write(Array(source.utf8), to: model)
    } catch {
      removeUnlessRun()
      throw error
    }
  }

  /// Makes the folder and those above it, and sees that files can be written.
  public func create() throws(RunFolderError) {
    var made = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/") {
      made += "/\(component)"
      guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
        throw RunFolderError("the output folder \(path) can't be made: \(reason(errno))")
      }
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw RunFolderError("the output folder \(path) can't be made: \(reason(ENOTDIR))")
    }
    guard access(path, W_OK | X_OK) == 0 else {
      throw RunFolderError("the output folder \(path) can't be written to: \(reason(errno))")
    }
  }

  /// Removes what was written for a run that could not begin, and the folder if nothing else is in it.
  func removeUnlessRun() {
    guard !holdsRun else { return }
    for file in [metrics, epochs, model, lastWeights, bestWeights, averageWeights, finalWeights, checkpoint] {
      unlink(file)
    }
    rmdir(path)
  }

  /// Writes a file of the run: all of it or, on failure, none.
  func write(_ bytes: [UInt8], to file: String) throws(RunFolderError) {
    do {
      try AtomicFile.write(bytes, to: file)
    } catch {
      throw RunFolderError("\(file) can't be written: \(error)")
    }
  }

  private func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// Why a run's folder or a file in it can't be used.
public struct RunFolderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path and the system's reason.
  public let description: String

  init(_ description: String) { self.description = description }
}
