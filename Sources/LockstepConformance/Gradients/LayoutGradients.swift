import LockstepCore

/// Gradients of what moves elements.
enum LayoutGradients {
  static let reshape = [
    GradientCheck("[2, 3] to [3, 2]", .reshape([3, 2]), [.ordinary([2, 3])]),
    GradientCheck("scalar", .reshape([1, 1]), [.ordinary([])]),
  ]

  static let broadcast = [
    GradientCheck("scalar", .broadcast([2, 3]), [.ordinary([])]),
    GradientCheck("new axis", .broadcast([2, 3]), [.ordinary([3])]),
    GradientCheck("axes of one", .broadcast([4, 2, 3, 5]), [.ordinary([2, 1, 5])]),
    GradientCheck("to nothing", .broadcast([0, 3]), [.ordinary([1, 3])]),
    GradientCheck("one to one", .broadcast([1, 3]), [.ordinary([1, 3])]),
  ]

  static let transpose = [
    GradientCheck("matrix", .transpose([1, 0]), [.ordinary([2, 3])]),
    GradientCheck("a cycle", .transpose([1, 2, 0]), [.ordinary([2, 3, 4])]),
    GradientCheck("NHWC to NCHW", .transpose([0, 3, 1, 2]), [.ordinary([2, 3, 2, 2])]),
  ]

  static let slice = [
    GradientCheck("middle", .slice(Slice(starts: [1], sizes: [2], steps: [1])), [.ordinary([5])]),
    GradientCheck(
      "step 2", .slice(Slice(starts: [1, 0], sizes: [2, 3], steps: [1, 2])), [.ordinary([3, 6])]),
    GradientCheck(
      "nothing", .slice(Slice(starts: [1, 0], sizes: [0, 3], steps: [1, 1])), [.ordinary([3, 3])]),
    GradientCheck(
      "one of a large step", .slice(Slice(starts: [2], sizes: [1], steps: [9])), [.ordinary([4])]),
  ]

  static let pad = [
    GradientCheck("both ends", .pad(Pad(low: [1], high: [2], interior: [0])), [.ordinary([3])]),
    GradientCheck("between", .pad(Pad(low: [1, 0], high: [0, 2], interior: [2, 1])), [.ordinary([2, 3])]),
    GradientCheck("nothing", .pad(Pad(low: [1, 0], high: [0, 2], interior: [2, 1])), [.ordinary([0, 3])]),
  ]

  static let concatenate = [
    GradientCheck("two", .concatenate(axis: 0), [.ordinary([2]), .ordinary([3])]),
    GradientCheck(
      "four, one empty", .concatenate(axis: 1),
      [.ordinary([2, 1, 2]), .ordinary([2, 0, 2]), .ordinary([2, 2, 2]), .ordinary([2, 3, 2])]),
  ]

  static let gather = [
    GradientCheck("repeated rows", .gather(axis: 0), [.ordinary([3, 2]), indices([2, 0, 2, 2])]),
    GradientCheck("columns", .gather(axis: 1), [.ordinary([2, 4, 2]), indices([3, 1])]),
    GradientCheck("nothing", .gather(axis: 0), [.ordinary([3]), CaseInput([0], .int32, .integers([0]))]),
  ]

  static let scatterAdd = [
    GradientCheck("repeated rows", .scatterAdd(axis: 0, size: 4), [.ordinary([3, 2]), indices([2, 0, 2])]),
    GradientCheck("columns", .scatterAdd(axis: 1, size: 3), [.ordinary([2, 2, 2]), indices([1, 1])]),
  ]

  static let cast = [
    GradientCheck("to float64", .cast(.float64), [.ordinary([2, 3])]),
    // Numbers that float32 holds exactly, before and after they are moved.
    GradientCheck(
      "to float32", .cast(.float32), [CaseInput([2, 3], .float64, .distinct)], step: 0x1p-10),
  ]

  private static func indices(_ indices: [Int64]) -> CaseInput {
    CaseInput([indices.count], .int64, .integers(indices))
  }
}
