/// cos(π · x), by polynomials of our own: libm's differs between machines, and a learning rate must not. Within
/// 4 · 10⁻¹⁶ of the exact value.
///
/// - Parameter x: at least 0.
package func cosineOfPi(_ x: Double) -> Double {
  // The period is 2, and the second half of it mirrors the first.
  let turn = x.truncatingRemainder(dividingBy: 2)
  let half = turn > 1 ? 2 - turn : turn
  if half > 0.5 { return -cosineOfPi(1 - half) }
  // Nearer to the zero at 1/2 a sine is exact.
  return half <= 0.25 ? cosine(half * .pi) : sine((0.5 - half) * .pi)
}

/// Taylor's series for 0…π/4: the first term left out is below 10⁻¹⁷.
private func cosine(_ angle: Double) -> Double { 1 - series(angle * angle, firstFactor: 1, terms: 8) }

private func sine(_ angle: Double) -> Double {
  angle * (1 - series(angle * angle, firstFactor: 2, terms: 8))
}

/// z / (k(k+1)) · (1 − z / ((k+2)(k+3)) · (1 − …)), with k the first factor: what Taylor's series take off 1.
private func series(_ z: Double, firstFactor: Int, terms: Int) -> Double {
  var result = 0.0
  for term in (0..<terms).reversed() {
    let k = Double(firstFactor + 2 * term)
    result = z / (k * (k + 1)) * (1 - result)
  }
  return result
}
