import LockstepBackends
import LockstepConformance
import LockstepCore
import Testing

/// Products that kernels of our own compute, with tiles, panels, slices and shards that end anywhere. The oracle is
/// OpenBLAS, which computes them at the scalar level. On whole numbers sums are exact, so a term that is left out or
/// taken twice is seen whatever its size.
@Suite("Matrix products")
struct MatrixProductTests {
  /// Rows, columns, inner dimension, and how the operands lie.
  private typealias Example = (rows: Int, columns: Int, inner: Int, matmul: Matmul)

  /// Large ones. Tiles have 6 or 14 rows, panels 8 to 32 columns; a slice of the inner dimension is 512 or 1024 long.
  private static let large: [Example] = [
    (256, 256, 256, Matmul()), (259, 257, 1030, Matmul(transposeA: true)),
    (261, 333, 513, Matmul(transposeB: true)),
    (300, 270, 1025, Matmul(transposeA: true, transposeB: true)),
    // Enough tasks for three threads: they take eight tiles each, not four.
    (1009, 1517, 257, Matmul()),
  ]

  /// Those of dense layers: columns are whole vectors of 16, read where they lie up to 256 of them.
  private static let dense: [Example] = [
    (64, 128, 1000, Matmul()), (17, 48, 1500, Matmul()), (65, 272, 301, Matmul()),
    (70, 96, 700, Matmul(transposeB: true)), (501, 80, 64, Matmul(transposeA: true)),
    (45, 112, 333, Matmul(transposeA: true, transposeB: true)),
  ]

  /// A row times a matrix, in two shards to sixteen.
  private static let rows: [Example] = [
    (1, 128, 3136, Matmul()), (1, 1000, 41, Matmul()), (1, 33, 1002, Matmul(transposeA: true)),
  ]

  @Test(
    "are joined without gap or overlap, however the operands lie",
    arguments: NativeBackend.availableISALevels,
    [DType.float32, .float64])
  func agree(_ level: String, _ dtype: DType) throws {
    let cases = (Self.large + Self.dense + Self.rows).map {
      Self.product([$0.rows, $0.inner], [$0.inner, $0.columns], [], dtype, $0.matmul)
    }
    try Self.expectEqual(cases, level)
  }

  @Test("are those of every matrix of a stack", arguments: NativeBackend.availableISALevels)
  func agreeInStacks(_ level: String) throws {
    let stack = Self.product([260, 520], [520, 270], [2, 2], .float32, Matmul())
    try Self.expectEqual([stack], level)
  }

  private static func product(
    _ left: [Int], _ right: [Int], _ batch: [Int], _ dtype: DType, _ matmul: Matmul
  ) -> ConformanceCase {
    func whole(_ matrix: [Int], _ isTurned: Bool) -> CaseInput {
      CaseInput(Shape(batch + (isTurned ? matrix.reversed() : matrix)), dtype, .whole(-4...4))
    }
    return ConformanceCase(
      "\(left) by \(right)", .matmul(matmul),
      [whole(left, matmul.transposeA), whole(right, matmul.transposeB)], .equal)
  }

  private static func expectEqual(_ cases: [ConformanceCase], _ level: String) throws {
    let backend = try NativeBackend(threads: 3, isaLevel: level)
    let openBLAS = try NativeBackend(threads: 1, isaLevel: "scalar")
    let report = Conformance.run(backend, against: openBLAS, cases: cases)
    #expect(report.passed, "\(report)")
  }
}
