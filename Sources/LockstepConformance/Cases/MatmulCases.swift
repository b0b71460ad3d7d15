import LockstepCore

/// Matrix products: every transposition, vectors, stacks, empty dimensions.
enum MatmulCases {
  private struct Product {
    var batch: [Int] = []
    var rows: Int
    var inner: Int
    var columns: Int
    /// Large enough to be cut into blocks; slow in debug builds.
    var isLarge = false
  }

  private static let products = [
    Product(rows: 1, inner: 1, columns: 1), Product(rows: 3, inner: 4, columns: 5),
    Product(rows: 7, inner: 13, columns: 33), Product(rows: 33, inner: 7, columns: 1),
    Product(rows: 1, inner: 33, columns: 7), Product(rows: 1, inner: 70, columns: 1),
    Product(rows: 5, inner: 1, columns: 3), Product(rows: 0, inner: 3, columns: 4),
    Product(rows: 3, inner: 0, columns: 4), Product(rows: 3, inner: 4, columns: 0),
    Product(batch: [2], rows: 3, inner: 4, columns: 5),
    Product(batch: [2, 3], rows: 5, inner: 3, columns: 2),
    Product(batch: [0], rows: 3, inner: 4, columns: 5), Product(batch: [1], rows: 17, inner: 16, columns: 15),
    Product(rows: 65, inner: 97, columns: 43), Product(rows: 64, inner: 400, columns: 10),
    Product(rows: 130, inner: 300, columns: 70, isLarge: true),
    Product(rows: 200, inner: 90, columns: 260, isLarge: true),
    // More terms and columns than 15 and 16 bits count.
    Product(rows: 2, inner: 32_800, columns: 1, isLarge: true),
    Product(rows: 2, inner: 1, columns: 65_600, isLarge: true),
  ]

  static var matmul: [ConformanceCase] {
    products.flatMap { product in
      [false, true].flatMap { transposeA in
        [false, true].flatMap { transposeB in
          floats.flatMap { dtype in
            cases(product, Matmul(transposeA: transposeA, transposeB: transposeB), dtype)
          }
        }
      }
    }
  }

  private static func cases(_ product: Product, _ matmul: Matmul, _ dtype: DType) -> [ConformanceCase] {
    let left = matmul.transposeA ? [product.inner, product.rows] : [product.rows, product.inner]
    let right = matmul.transposeB ? [product.columns, product.inner] : [product.inner, product.columns]
    let name =
      "\(Shape(product.batch + left))\(matmul.transposeA ? "ᵀ" : "")"
      + " · \(Shape(product.batch + right))\(matmul.transposeB ? "ᵀ" : "")"
    func inputs(_ contents: CaseInput.Contents) -> [CaseInput] {
      [left, right].map { CaseInput(Shape(product.batch + $0), dtype, contents) }
    }
    let whole = ConformanceCase("whole \(name)", .matmul(matmul), inputs(.whole(-9...9)), .equal)
    let real = ConformanceCase(
      name, .matmul(matmul), inputs(.uniform(-2...2)), .accumulated(terms: product.inner))
    return product.isLarge ? [dtype == .float32 ? whole : real] : [whole, real]
  }
}
