import LockstepCore

/// Conversion from every dtype to every other.
enum CastCases {
  static var cast: [ConformanceCase] {
    DType.allCases.flatMap { source in
      DType.allCases.flatMap { target in
        let awkward = source.isFloatingPoint ? reals(source) : .extremes(source)
        return [
          convert("awkward", source, target, [33], awkward),
          convert("scalar", source, target, [], .ordinary(source)),
          convert("1x1", source, target, [1, 1], .ordinary(source)),
          convert("empty", source, target, [0, 3], .ordinary(source)),
          convert("ordinary", source, target, [3, 5, 7], .ordinary(source)),
          convert("70001", source, target, [70_001], awkward),
        ]
      }
    }
  }

  private static func convert(
    _ name: String, _ source: DType, _ target: DType, _ shape: Shape, _ contents: CaseInput.Contents
  ) -> ConformanceCase {
    ConformanceCase("\(name) to \(target) from", .cast(target), [CaseInput(shape, source, contents)], .bits)
  }

  /// Halves, ends of the integer types and what lies beyond, in a form that both real types hold.
  private static func reals(_ dtype: DType) -> CaseInput.Contents {
    let magnitudes = [
      0, 0x1p-149, 0.25, 0.5, 0.75, 1, 1.5, 127.5, 254.9375, 255, 255.5, 256, 0x1.fffffep30, 0x1p31, 0x1p32,
      0x1.fffffep62, 0x1p63, 0x1p64, 1e30, .infinity,
    ]
    let onlyDouble = [0x1.fffffffcp30, 0x1.fffffffffffffp62, 1e300, 0x1.000001p0, 0x1p-1074]
    let all = magnitudes + (dtype == .float64 ? onlyDouble : [])
    return .reals(all + all.map { -$0 } + [.nan])
  }
}
