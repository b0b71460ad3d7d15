import LockstepCore
import Testing

@Suite("Reductions", .onReference)
struct ReductionTests {
  private let x = Tensor([1, 2, 3, 4, 5, 9] as [Float], shape: [2, 3])

  @Test("go over all axes, or those named, which disappear or stay")
  func axes() throws {
    #expect(try x.sum().item() == 24)
    #expect(x.sum().shape == [])
    #expect(try x.sum(0).values == [5, 7, 12])
    #expect(try x.sum(-1).values == [6, 18])
    #expect(x.sum(0, 1, keepDimensions: true).shape == [1, 1])
    #expect(x.mean(-1, keepDimensions: true).shape == [2, 1])
    #expect(try x.mean(1).values == [2, 6])
    #expect(try x.max(0).values == [4, 5, 9])
    #expect(try x.min(-2, -1).item() == 1)
  }

  @Test("of nothing are 0 for a sum and NaN for a mean")
  func empty() throws {
    #expect(try Tensor.zeros([0, 2]).sum(0).values == [0, 0])
    #expect(try Tensor.zeros([0]).mean().item().isNaN)
  }

  @Test("let NaN through maxima and minima")
  func nan() throws {
    let values = Tensor([1, .nan, 3] as [Float])
    #expect(try values.max().item().isNaN)
    #expect(try values.min().item().isNaN)
    #expect(try values.argMax().item() == 1)
  }

  @Test("find the first of several extremes")
  func arguments() throws {
    let values = Tensor([1, 5, 5, 0, 2, 0] as [Float], shape: [2, 3])
    #expect(try values.argMax().scalars(as: Int.self) == [1, 1])
    #expect(try values.argMin().scalars(as: Int.self) == [0, 0])
    #expect(try values.argMax(axis: 0).scalars(as: Int.self) == [0, 0, 0])
  }

  @Test("give the variance NumPy gives, also far from zero")
  func variance() throws {
    #expect(try x.variance(1).values == [2.0 / 3, 14.0 / 3].map { Double(Float($0)) })
    expectClose(try x.variance(1, correction: 1).values, [1, 7])
    #expect(x.variance(0, keepDimensions: true).shape == [1, 3])
    #expect(try (x + 10_000).variance(1, correction: 1).values == [1, 7])
    #expect(try x.variance(0, correction: 3).values.allSatisfy { $0 == .infinity })
  }
}
