/// Which columns of a table, or keys of JSON objects, hold what.
public struct CurveColumns: Hashable, Sendable {
  /// The column of the steps; nil to guess.
  public var step: String?
  /// The column of the losses; nil to guess.
  public var loss: String?
  /// The column of the times: seconds a step, or a clock if it never goes back; nil to guess.
  public var time: String?

  /// Names columns, or leaves them to be guessed by the names that PyTorch Lightning, Keras, Weights & Biases,
  /// TensorBoard and Lockstep give them.
  public init(step: String? = nil, loss: String? = nil, time: String? = nil) {
    self.step = step
    self.loss = loss
    self.time = time
  }
}

/// The columns of a table once found.
struct FoundColumns: Equatable {
  /// A column of losses, and the name of the run it belongs to where the table holds several.
  struct Loss: Equatable {
    let column: Int
    let run: String?
  }

  var step: Int?
  var losses: [Loss]
  var time: Int?
  var epoch: Int?

  private static let stepNames = [
    "step", "global_step", "_step", "trainer/global_step", "iteration", "iter", "steps",
  ]
  private static let lossNames = [
    "loss", "train_loss_step", "train/loss_step", "train_loss", "train/loss", "training_loss", "loss_step",
    "train_loss_epoch", "train/loss_epoch", "loss/train", "batch_loss",
  ]
  private static let timeNames = [
    "seconds", "wall time", "wall_time", "time", "_timestamp", "_runtime", "elapsed",
    "relative time (process)",
    "relative time (wall)",
  ]
  /// TensorBoard's name for the number, which says nothing by itself.
  private static let valueName = "value"

  /// Finds the columns that are named, and those that are not by what other programs call them.
  ///
  /// - Throws: ``CurveError`` if a named column is missing, or no column, or more than one, may hold the losses.
  init(_ names: [String], _ wanted: CurveColumns, path: String, line: Int) throws(CurveError) {
    let plain = names.map(Self.plain)
    func place(_ name: String) throws(CurveError) -> Int {
      if let exact = names.firstIndex(of: name) ?? plain.firstIndex(of: Self.plain(name)) { return exact }
      let known = names.map { "'\($0)'" }.joined(separator: ", ")
      throw CurveError(path, line: line, "there is no column '\(name)'; the columns are \(known)")
    }
    func guess(_ candidates: [String]) -> Int? {
      candidates.lazy.compactMap { plain.firstIndex(of: $0) }.first
    }
    if let name = wanted.loss {
      losses = [Loss(column: try place(name), run: nil)]
    } else if let column = guess(Self.lossNames) {
      losses = [Loss(column: column, run: nil)]
    } else {
      losses = try Self.guessLosses(names, plain, path: path, line: line)
    }
    epoch = plain.firstIndex(of: "epoch")
    step = if let name = wanted.step { try place(name) } else { guess(Self.stepNames) ?? epoch }
    time = if let name = wanted.time { try place(name) } else { guess(Self.timeNames) }
  }

  /// Columns such as W&B's `run - train_loss`, one for each run, and TensorBoard's `Value`; else the only one
  /// with "loss" in its name that is not of a validation.
  private static func guessLosses(
    _ names: [String], _ plain: [String], path: String, line: Int
  ) throws(CurveError) -> [Loss] {
    let exported = names.indices.compactMap { column -> Loss? in
      guard let dash = names[column].ranges(of: " - ").last else { return nil }
      let metric = Self.plain(String(names[column][dash.upperBound...]))
      return lossNames.contains(metric)
        ? Loss(column: column, run: String(names[column][..<dash.lowerBound])) : nil
    }
    if !exported.isEmpty { return exported }
    if plain.contains("wall time"), let column = plain.firstIndex(of: valueName) {
      return [Loss(column: column, run: nil)]
    }
    let candidates = plain.indices.filter { column in
      let name = plain[column]
      let isOther = ["val", "test", "eval", "dev", "__min", "__max"].contains { name.contains($0) }
      return name.contains("loss") && !isOther
    }
    if candidates.count == 1 { return [Loss(column: candidates[0], run: nil)] }
    let listed = (candidates.isEmpty ? Array(names.indices) : candidates)
      .map { "'\(names[$0])'" }.joined(separator: ", ")
    throw CurveError(
      path, line: line,
      candidates.isEmpty
        ? "no column looks like a loss; --loss-column names one of \(listed)"
        : "several columns may be the loss; --loss-column names one of \(listed)")
  }

  private static func plain(_ name: String) -> String {
    String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()).lowercased()
  }
}
