package import LockstepCore

/// What surrounds an image under a window.
public enum Padding: Hashable, Sendable {
  /// Nothing: windows stay inside the image.
  case valid
  /// As much as gives ⌈size / stride⌉ results, the odd pixel at the bottom and right (TensorFlow's rule).
  case same
  /// So many pixels on every side (PyTorch's `padding`).
  case pixels(Int)
  /// So many pixels on each side.
  case edges(top: Int, bottom: Int, left: Int, right: Int)

  /// The padding for an image.
  package func insets(for image: Size2D, kernel: Size2D, stride: Size2D, dilation: Size2D) -> EdgeInsets {
    switch self {
    case .valid: return .zero
    case .pixels(let n): return EdgeInsets(top: n, bottom: n, left: n, right: n)
    case .edges(let top, let bottom, let left, let right):
      return EdgeInsets(top: top, bottom: bottom, left: left, right: right)
    case .same:
      let vertical = Padding.same(image.height, kernel.height, stride.height, dilation.height)
      let horizontal = Padding.same(image.width, kernel.width, stride.width, dilation.width)
      return EdgeInsets(
        top: vertical / 2, bottom: vertical - vertical / 2,
        left: horizontal / 2, right: horizontal - horizontal / 2)
    }
  }

  private static func same(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
    guard stride > 0 else { return 0 }  // Refused by the operation, which names it.
    let outputs = (size + stride - 1) / stride
    return max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - size)
  }
}

extension Padding: CustomStringConvertible {
  /// The padding as it is written.
  public var description: String {
    switch self {
    case .valid: "valid"
    case .same: "same"
    case .pixels(let n): "\(n)"
    case .edges(let top, let bottom, let left, let right): "[\(top), \(bottom), \(left), \(right)]"
    }
  }
}
