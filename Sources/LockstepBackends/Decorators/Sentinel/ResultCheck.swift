import CLockstepKernels

/// What Freivalds' check found in the result of an instruction.
struct ResultCheck: Sendable {
  /// Nil where memory ran out.
  private let check: lk_check?

  /// Checks a result on the threads of a context.
  init(_ encoded: inout lk_instruction, signs: [Double], _ context: OpaquePointer?) {
    var check = lk_check()
    let status = lk_check_result(context, &encoded, signs, &check)
    self.check = status == LK_OK ? check : nil
  }

  /// Whether there was memory to check at all.
  var isDone: Bool { check != nil }

  /// Whether something is larger than rounding explains, or not finite.
  var isSuspicious: Bool { !((check?.excess ?? 0) <= 1) }

  /// The largest difference, in units of what rounding explains.
  var excess: Double { check?.excess ?? 0 }

  /// How many sums were compared.
  var sumCount: Int { Int(check?.sums ?? 0) }

  /// How many elements of the result each of them adds up.
  var elementsPerSum: Int { Int(check?.elements_per_sum ?? 0) }
}
