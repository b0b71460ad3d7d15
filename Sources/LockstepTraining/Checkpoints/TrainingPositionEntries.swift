import LockstepCore
import LockstepNN

extension TrainingPosition {
  private static let counters = "position.counters"
  private static let sums = "position.sums"
  private static let plateauName = "position.plateau"
  private static let stoppingName = "position.stopping"

  /// The position as tensors: whole numbers and sums, each in a fixed order.
  var entries: [Safetensors.Entry] {
    let whole = [epoch, batch, step, correctCount, imageCount, best?.correctCount ?? 0, best?.count ?? 0]
    var result = [
      Safetensors.Entry(name: Self.counters, whole), .init(name: Self.sums, [lossSum, best?.loss ?? 0]),
    ]
    // Counts of epochs are exact as real numbers; NaN stands for no value.
    if let plateau {
      let numbers = [
        plateau.learningRate, plateau.best ?? .nan, Double(plateau.badCount), Double(plateau.cooldown),
      ]
      result.append(.init(name: Self.plateauName, numbers))
    }
    if stopping != StoppingState() {
      result.append(.init(name: Self.stoppingName, [stopping.best ?? .nan, Double(stopping.badCount)]))
    }
    return result
  }

  /// The position that tensors hold, nil if they don't.
  init?(_ entries: [Safetensors.Entry]) {
    func find(_ name: String) -> Safetensors.Entry? { entries.first { $0.name == name } }
    guard let whole = find(Self.counters)?.integers(7), let sums = find(Self.sums)?.reals(2) else {
      return nil
    }
    // Within an epoch there are images; and a number beyond all counting would overflow the next sum.
    guard whole.allSatisfy(Self.isCount), (whole[1] == 0) == (whole[4] == 0) else { return nil }
    self.init()
    (epoch, batch, step, correctCount, imageCount) = (whole[0], whole[1], whole[2], whole[3], whole[4])
    lossSum = sums[0]
    if whole[6] > 0 { best = Evaluation(loss: sums[1], correctCount: whole[5], count: whole[6]) }
    if let entry = find(Self.plateauName) {
      guard let numbers = entry.reals(4), let badCount = Self.count(numbers[2]),
        let cooldown = Self.count(numbers[3]), numbers[0].isFinite
      else { return nil }
      var state = PlateauState(learningRate: numbers[0])
      state.best = numbers[1].isNaN ? nil : numbers[1]
      (state.badCount, state.cooldown) = (badCount, cooldown)
      plateau = state
    }
    if let entry = find(Self.stoppingName) {
      guard let numbers = entry.reals(2), let badCount = Self.count(numbers[1]) else { return nil }
      stopping = StoppingState(best: numbers[0].isNaN ? nil : numbers[0], badCount: badCount)
    }
  }

  private static func isCount(_ number: Int) -> Bool { (0..<1 << 48).contains(number) }

  private static func count(_ number: Double) -> Int? {
    Int(exactly: number).flatMap { isCount($0) ? $0 : nil }
  }
}

extension Safetensors.Entry {
  /// Whole numbers.
  init(name: String, _ numbers: [Int]) {
    self.init(
      name: name, spec: TensorSpec([numbers.count], .int64),
      bytes: numbers.flatMap { withUnsafeBytes(of: Int64($0).littleEndian, Array.init) })
  }

  /// Real numbers.
  init(name: String, _ numbers: [Double]) {
    self.init(
      name: name, spec: TensorSpec([numbers.count], .float64),
      bytes: numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) })
  }

  /// So many whole numbers, nil if it holds something else.
  func integers(_ count: Int) -> [Int]? {
    spec == TensorSpec([count], .int64) ? words.map { Int(truncatingIfNeeded: $0) } : nil
  }

  /// So many real numbers, nil if it holds something else.
  func reals(_ count: Int) -> [Double]? {
    spec == TensorSpec([count], .float64) ? words.map { Double(bitPattern: $0) } : nil
  }

  /// The bytes as 64-bit words, least significant byte first.
  private var words: [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<(start + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
