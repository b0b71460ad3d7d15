import LockstepCore
import Testing

@testable import LockstepComparison

@Suite("Histograms of distances")
struct UlpHistogramTests {
  private static func histogram(_ distances: [Double]) -> UlpHistogram {
    var histogram = UlpHistogram()
    for distance in distances { histogram.add(distance) }
    return histogram
  }

  @Test(
    "classes double in width",
    arguments: [(0.0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (8, 4), (9, 5), (16, 5), (1e9, 31)])
  func classes(_ distance: Double, _ index: Int) {
    #expect(UlpHistogram.index(of: distance) == index)
    #expect(UlpHistogram.range(of: index).contains(distance))
  }

  @Test("says the classes that are not empty")
  func description() {
    let histogram = Self.histogram([1, 1, 2, 4, 3, 1200, .infinity])
    #expect("\(histogram)" == "1 ulp: 2, 2: 1, 3–4: 2, 1,025–2,048: 1, NaN or ∞: 1")
    #expect(histogram.total == 7)
    #expect(histogram.largest == 1200)
  }

  @Test("two results are compared by value: two NaNs are no difference, two zeros are one of no distance")
  func comparison() {
    let spec = TensorSpec([2, 3], .float32)
    let next = Double(Float(1).nextUp.nextUp)
    let first = TensorValue(spec, reals: [1, 0, .nan, 5, .infinity, -.nan])
    let second = TensorValue(spec, reals: [next, -0.0, -.nan, 5, 1, .nan])
    let difference = OutputDifference([first], [second])
    #expect(difference.elementCount == 6)
    #expect(difference.count == 3)
    #expect(difference.histogram.counts == [1, 0, 1])
    #expect(difference.histogram.nonFiniteCount == 1)
    #expect(difference.first?.element == 0)
    #expect(difference.first?.values == PairedValue(1, next))
  }

  @Test("integers are compared as integers", arguments: [DType.int64, .int32, .uint8, .bool])
  func integers(_ dtype: DType) {
    let spec = TensorSpec([3], dtype)
    let difference = OutputDifference(
      [TensorValue(spec, integers: [1, 0, 1])], [TensorValue(spec, integers: [1, 1, 0])])
    #expect(difference.histogram.counts == [0, 2])
    #expect(difference.first?.element == 1)
  }
}
