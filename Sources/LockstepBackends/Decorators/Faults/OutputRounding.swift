import LockstepCore

// Faults, and a twin, that keep every element near where it was.
extension TensorValue {
  /// A float32 value rounded to fewer significant bits, halves away from zero. NaN and infinities stay.
  func rounded(toSignificantBits bits: Int) -> TensorValue {
    // Half of the last bit that is kept.
    let half = UInt32(1) << UInt32(23 - bits)
    return TensorValue(
      spec,
      reals: reals.map { element in
        guard element.isFinite else { return element }
        let pattern = (Float(element).bitPattern &+ half) & ~(2 * half - 1)
        return Double(Float(bitPattern: pattern))
      })
  }

  /// Every element moved by −1, 0 or 1 unit in the last place, half of them by 0. Zeros stay, and what is not
  /// finite.
  func withUlpNoise(_ random: inout RandomStream) -> TensorValue {
    let isSingle = spec.dtype == .float32
    var bits: UInt32 = 0
    let moved = reals.enumerated().map { index, element in
      // Two bits decide an element, so a word lasts for sixteen.
      if index.isMultiple(of: 16) { bits = random.next() }
      let choice = bits >> UInt32(index % 16 * 2) & 3
      guard choice < 2, element.isFinite, element != 0 else { return element }
      return isSingle
        ? Double(choice == 0 ? Float(element).nextUp : Float(element).nextDown)
        : choice == 0 ? element.nextUp : element.nextDown
    }
    return TensorValue(spec, reals: moved)
  }
}
