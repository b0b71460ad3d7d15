import Lockstep

/// A backend that multiplies float32 matrices itself, in the plainest way, and leaves the rest to another.
final class PlainMatmul: BackendDecorator {
  let inner: any Backend

  init(_ inner: any Backend) { self.inner = inner }

  var descriptor: BackendDescriptor {
    var descriptor = inner.descriptor
    descriptor.name = "plain-matmul"
    return descriptor
  }

  func submit(_ instruction: Instruction) {
    guard case .matmul(let matmul) = instruction.operation, instruction.inputs[0].spec.dtype == .float32
    else { return inner.submit(instruction) }
    // A failure stays in the inner backend, and is thrown to whoever asks for the result.
    guard let a = try? inner.value(of: instruction.inputs[0]),
      let b = try? inner.value(of: instruction.inputs[1])
    else { return }
    let output = instruction.outputs[0]
    inner.write(TensorValue(output.spec, reals: product(a, b, matmul, output.spec.shape)), to: output)
  }

  /// The product of every pair of matrices, summed in double precision.
  private func product(_ a: TensorValue, _ b: TensorValue, _ matmul: Matmul, _ shape: Shape) -> [Double] {
    let (m, n) = (shape[-2], shape[-1])
    let k = a.spec.shape[matmul.transposeA ? -2 : -1]
    let (x, y) = (a.reals, b.reals)
    var result: [Double] = []
    result.reserveCapacity(shape.count)
    for batch in 0..<(shape.count / max(1, m * n)) {
      for row in 0..<m {
        for column in 0..<n {
          result.append(
            (0..<k).reduce(0) { sum, index in
              let left = matmul.transposeA ? index * m + row : row * k + index
              let right = matmul.transposeB ? column * k + index : index * n + column
              return sum + x[batch * m * k + left] * y[batch * k * n + right]
            })
        }
      }
    }
    return result
  }
}
