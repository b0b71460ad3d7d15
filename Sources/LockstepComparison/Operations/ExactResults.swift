public import LockstepCore

/// What an operation should give, and how far off each element of it may be.
public struct ExactResults: Sendable {
  /// One of the operation's outputs.
  enum Output: Sendable {
    /// Only this will do; both zeros are one number unless their signs count.
    case unrounded(TensorValue, signedZeros: Bool)
    /// Rounding is allowed.
    case rounded(RoundedResult)
  }

  let outputs: [Output]

  /// Judges a backend's outputs. Traps unless they are as many, of the same shapes and types.
  public func judge(_ got: [TensorValue]) -> OperationJudgement {
    trap(unless: got.count == outputs.count, "\(got.count) outputs where there are \(outputs.count)")
    var tally = JudgementTally()
    for (index, (output, got)) in zip(outputs, got).enumerated() {
      switch output {
      case .unrounded(let wanted, let signedZeros):
        trap(unless: wanted.spec == got.spec, "\(got.spec) where \(wanted.spec) is expected")
        tally.add(output: index, got, unrounded: wanted, signedZeros: signedZeros)
      case .rounded(let result):
        trap(unless: result.spec == got.spec, "\(got.spec) where \(result.spec) is expected")
        tally.add(output: index, got, rounded: result)
      }
    }
    return tally.judgement
  }

  /// Which of two backends' outputs are closer to the exact ones, where they differ; nil if nothing is rounded.
  func closeness(of first: [TensorValue], _ second: [TensorValue]) -> Closeness? {
    var sum: Closeness?
    for (output, pair) in zip(outputs, zip(first, second)) {
      guard case .rounded(let result) = output else { continue }
      sum = sum ?? Closeness()
      if pair.0.bytes != pair.1.bytes { sum? += result.closeness(of: pair.0.reals, pair.1.reals) }
    }
    return sum
  }
}

/// An output that can't be computed exactly.
struct RoundedResult: Sendable {
  let spec: TensorSpec
  /// R: the exact results.
  let exact: [Double]
  /// S: the sums of the terms' magnitudes.
  let scale: [Double]
  /// K: the number of terms.
  let terms: Int
  private let unit: Double
  private let underflow: Double
  private let largest: Double

  init(_ spec: TensorSpec, exact: [Double], scale: [Double], terms: Int) {
    self.spec = spec
    self.exact = exact
    self.scale = scale
    self.terms = terms
    unit = spec.dtype.unitRoundoff
    underflow = Double(terms) * spec.dtype.leastNonzeroMagnitude
    largest = spec.dtype.greatestFiniteMagnitude
  }

  /// The largest ρ that is green.
  var greenLimit: Double { min(4 * Double(terms).squareRoot(), amberLimit) }
  /// The largest ρ that is amber.
  var amberLimit: Double { Double(terms) + 2 }

  /// ρ of one element; infinite where no rounding explains it.
  func rho(_ got: Double, at element: Int) -> Double {
    let wanted = exact[element]
    if got == wanted || (got.isNaN && wanted.isNaN) { return 0 }
    let scale = scale[element]
    guard got.isFinite, wanted.isFinite else {
      return mayOverflow(to: got, wanted, scale: scale) ? 0 : .infinity
    }
    let error = (got - wanted).magnitude
    return error == 0 ? 0 : error / (unit * scale + underflow)
  }

  /// Which of two results are closer, where they differ.
  func closeness(of first: [Double], _ second: [Double]) -> Closeness {
    var result = Closeness()
    for element in exact.indices where first[element] != second[element] {
      let wanted = exact[element]
      let (left, right) = ((first[element] - wanted).magnitude, (second[element] - wanted).magnitude)
      // A number is closer than none.
      if left < right || right.isNaN && !left.isNaN {
        result.first += 1
      } else if right < left || left.isNaN && !right.isNaN {
        result.second += 1
      } else {
        result.neither += 1
      }
    }
    return result
  }

  /// Whether a result that is not finite is what the type has for the exact one.
  private func mayOverflow(to got: Double, _ wanted: Double, scale: Double) -> Bool {
    guard !got.isFinite, !wanted.isNaN else { return false }
    let slack = amberLimit * unit * scale
    if got.isInfinite, got.sign == wanted.sign, wanted.magnitude + slack > largest { return true }
    // Partial sums may be too large for the type, or two of them infinite and of opposite signs.
    return terms > 1 && scale > largest && wanted.isFinite
  }
}
