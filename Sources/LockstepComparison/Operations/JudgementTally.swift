import LockstepCore

/// Adds up what is found in an operation's outputs.
struct JudgementTally {
  private(set) var judgement = OperationJudgement(
    band: .green, worst: nil, terms: 0, count: 0, amberCount: 0, redCount: 0, redElements: [])

  /// An output, to say where an element is.
  private struct Place {
    let output: Int
    let shape: Shape
  }

  /// Adds an output that has to be exact.
  mutating func add(output: Int, _ got: TensorValue, unrounded wanted: TensorValue, signedZeros: Bool) {
    judgement.count += got.spec.shape.count
    if got.bytes == wanted.bytes { return }
    let place = Place(output: output, shape: got.spec.shape)
    if got.spec.dtype.isFloatingPoint {
      let (got, wanted) = (got.reals, wanted.reals)
      for element in got.indices {
        let (found, exact) = (got[element], wanted[element])
        let isZeroSign = signedZeros && found == 0 && found.sign != exact.sign
        if found == exact && !isZeroSign || found.isNaN && exact.isNaN { continue }
        add(place, element, got: found, exact: exact, rho: .infinity, band: .red)
      }
    } else {
      let (got, wanted) = (got.integers, wanted.integers)
      for element in got.indices where got[element] != wanted[element] {
        add(
          place, element, got: Double(got[element]), exact: Double(wanted[element]), rho: .infinity,
          band: .red)
      }
    }
  }

  /// Adds an output that rounding may change.
  mutating func add(output: Int, _ got: TensorValue, rounded result: RoundedResult) {
    judgement.terms = max(judgement.terms, result.terms)
    let place = Place(output: output, shape: got.spec.shape)
    let (green, amber) = (result.greenLimit, result.amberLimit)
    for (element, found) in got.reals.enumerated() {
      let rho = result.rho(found, at: element)
      // A ρ that is no number comes from a scale that is none: nothing can be said for the element.
      let band: OperationBand = rho <= green ? .green : rho <= amber ? .amber : .red
      if band != .green || rho > judgement.worst?.rho ?? 0 {
        add(place, element, got: found, exact: result.exact[element], rho: rho, band: band)
      }
    }
    judgement.count += got.spec.shape.count
  }

  private mutating func add(
    _ place: Place, _ element: Int, got: Double, exact: Double, rho: Double, band: OperationBand
  ) {
    judgement.band = max(judgement.band, band)
    if band == .amber { judgement.amberCount += 1 }
    if band == .red { judgement.redCount += 1 }
    let isWorst = rho > judgement.worst?.rho ?? 0
    let isKept = band == .red && judgement.redElements.count < OperationJudgement.redElementLimit
    guard isWorst || isKept else { return }
    let found = OperationJudgement.Element(
      output: place.output, index: place.shape.index(of: element), got: got, exact: exact, rho: rho)
    if isWorst { judgement.worst = found }
    if isKept { judgement.redElements.append(found) }
  }
}

extension Shape {
  /// The index of an element that is counted in row-major order.
  func index(of element: Int) -> [Int] {
    var rest = element
    return strides.map { stride in
      defer { rest %= stride }
      return rest / stride
    }
  }
}
