import Foundation
import LockstepCore
import Testing

@Suite("Functions without libm")
struct PortableFunctionsTests {
  @Test("sine and cosine of degrees are libm's to its last bits, and exact at right angles")
  func sineAndCosine() {
    for degrees in stride(from: -720.0, through: 720, by: 0.37) {
      let (sine, cosine) = PortableFunctions.sineAndCosine(degrees: degrees)
      // libm is asked for an angle within a quarter, where its argument has no rounding to speak of.
      let rest = degrees.truncatingRemainder(dividingBy: 360) * .pi / 180
      #expect(abs(sine - sin(rest)) < 3e-15)
      #expect(abs(cosine - cos(rest)) < 3e-15)
    }
    for (degrees, sine, cosine) in [(0.0, 0.0, 1.0), (90, 1, 0), (180, 0, -1), (-90, -1, 0), (450, 1, 0)] {
      let found = PortableFunctions.sineAndCosine(degrees: degrees)
      #expect(found.sine == sine && found.cosine == cosine)
    }
  }

  @Test("the exponential is libm's to its last bits")
  func exponential() {
    for x in stride(from: -699.0, through: 700, by: 0.73) {
      #expect(abs(PortableFunctions.exponential(x) / exp(x) - 1) < 2e-13)
    }
    #expect(PortableFunctions.exponential(0) == 1)
    #expect(PortableFunctions.exponential(-.infinity) == 0)
  }

  @Test("beta variates have the mean and the variance they should", arguments: [0.1, 0.2, 1, 4, 50])
  func beta(alpha: Double) {
    var random = RandomStream(seed: 11, purpose: .user, index: 0)
    let values = (0..<20_000).map { _ in random.beta(alpha) }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    let wanted = 1 / (4 * (2 * alpha + 1))
    #expect(values.allSatisfy { (0...1).contains($0) })
    #expect(abs(mean - 0.5) < 5 * (wanted / 20_000).squareRoot())
    #expect(abs(variance / wanted - 1) < 0.05)
  }

  @Test("a beta distribution with both parameters 1 is uniform")
  func uniform() {
    var random = RandomStream(seed: 12, purpose: .user, index: 0)
    let values = (0..<10_000).map { _ in random.beta(1) }.sorted()
    let distance = values.enumerated().map { abs(Double($0 + 1) / 10_000 - $1) }.max()!
    // Kolmogorov and Smirnov's statistic is below 0.0195 in 999 of 1000 such samples.
    #expect(distance < 0.0195)
  }

  @Test("tiny parameters give 0 and 1, never nothing")
  func tiny() {
    var random = RandomStream(seed: 13, purpose: .user, index: 0)
    let values = (0..<1000).map { _ in random.beta(1e-6) }
    #expect(values.allSatisfy { $0 < 1e-3 || $0 > 1 - 1e-3 })
    #expect((400...600).contains(values.count { $0 > 0.5 }))
  }
}
