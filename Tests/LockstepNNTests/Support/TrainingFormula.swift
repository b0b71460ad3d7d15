/// Numbers from the closed formula of scripts/goldens/formula.py, that PyTorch was given too.
enum TrainingFormula {
  static func hashes(_ stream: Int, _ count: Int) -> [UInt32] {
    (0..<UInt32(count)).map { i in
      var h = i &* 2_654_435_761 &+ UInt32(stream) &* 40503 &+ 12345
      h ^= h >> 16
      h = h &* 2_246_822_519
      return h ^ h >> 13
    }
  }

  /// Values around 0, of the parameter or the input with this number.
  static func uniform(_ stream: Int, _ count: Int, scale: Double) -> [Float] {
    hashes(stream, count).map { Float((Double($0) / 0x1p32 - 0.5) * scale) }
  }

  static func images(step: Int, _ count: Int) -> [Float] {
    hashes(1000 + step, count).map { Float(Double($0 >> 24) / 255) }
  }

  static func labels(step: Int, _ count: Int, classes: UInt32) -> [Int32] {
    hashes(2000 + step, count).map { Int32($0 % classes) }
  }
}
