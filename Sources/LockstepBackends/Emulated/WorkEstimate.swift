import LockstepCore

extension Instruction {
  /// About how many floating-point operations it takes: those of products and convolutions, some dozens for an
  /// element of anything else, one for a pixel of a window. Good for time limits, not for benchmarks.
  var estimatedWork: Double {
    let sizes = (inputs + outputs).map { Double($0.spec.shape.count) }
    let elements = sizes.reduce(0, +)
    return 64 * elements + (work.floatingPointOperations ?? 2 * pixels)
  }

  /// How many pixels a pooling's windows hold together.
  private var pixels: Double {
    switch operation {
    case .maxPool2D(let pooling), .averagePool2D(let pooling):
      Double(outputs[0].spec.shape.count * pooling.kernel.height * pooling.kernel.width)
    case .averagePool2DGradient(let pooling, _, _):
      Double(inputs[0].spec.shape.count * pooling.kernel.height * pooling.kernel.width)
    default: 0
    }
  }
}
