/// A sum of doubles that is as good as one of twice the precision.
///
/// Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974).
struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  /// The sum so far.
  var value: Double { sum + lost }

  mutating func add(_ number: Double) {
    let next = sum + number
    lost += sum.magnitude >= number.magnitude ? (sum - next) + number : (number - next) + sum
    sum = next
  }

  /// Adds a product without rounding it.
  mutating func add(_ a: Double, times b: Double) {
    let product = a * b
    add(product)
    lost += (-product).addingProduct(a, b)
  }
}
