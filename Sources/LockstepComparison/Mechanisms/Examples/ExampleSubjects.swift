package import LockstepCore

/// An example of a size: its inputs, and what it gives exactly.
package struct ExampleInput: Sendable {
  let subject: AccountExamples.Subject
  let size: Int
  private let numbers: RandomNumbers

  private static let channels = (in: 3, out: 16)
  private static let kernel = 3
  /// What gives the result the image's size.
  private static let border = EdgeInsets(top: 1, bottom: 1, left: 1, right: 1)

  /// The largest size comes first; others are cuts of it.
  static func sizes(of subject: AccountExamples.Subject, from largest: Int) -> [Int] {
    let cuts =
      subject == .convolution ? [256, 128, 64, 32] : [2000, 1500, 1000, 700, 500, 350, 250, 150, 100]
    return [largest] + cuts.filter { $0 < largest }
  }

  package init(_ subject: AccountExamples.Subject, size: Int) {
    self.subject = subject
    self.size = size
    let count = subject == .convolution ? size * size * Self.channels.in + Self.weightCount : 2 * size * size
    numbers = RandomNumbers(count: count, subject == .matmul64 ? .float64 : .float32, index: 10)
  }

  private static var weightCount: Int { kernel * kernel * channels.in * channels.out }

  /// Multiplications and additions.
  package static func work(_ subject: AccountExamples.Subject, size: Int) -> Double {
    let size = Double(size)
    return subject == .convolution
      ? 2 * size * size * Double(weightCount) : 2 * size * size * size
  }

  /// Bytes of an element.
  var elementSize: Int { subject == .matmul64 ? 8 : 4 }

  /// The inputs on a device.
  package func inputs(on device: Device) -> [Tensor] {
    guard subject == .convolution else {
      return [
        numbers.tensor([size, size], from: 0, on: device),
        numbers.tensor([size, size], from: size * size, on: device),
      ]
    }
    let imageCount = size * size * Self.channels.in
    let weight = numbers.tensor(
      [Self.kernel, Self.kernel, Self.channels.in, Self.channels.out], from: imageCount, on: device)
    // Half of the weights negative, so that ReLU has something to do.
    return [
      numbers.tensor([1, size, size, Self.channels.in], from: 0, on: device), weight - 0.5,
    ]
  }

  /// The example itself; convolution and ReLU are one operation, as in a net.
  package func compute(_ inputs: [Tensor]) -> Tensor {
    let convolution = Convolution(WindowGeometry(padding: Self.border))
    return subject == .convolution
      ? inputs[0].fusedConv2D(inputs[1], bias: nil, FusedConvolution(convolution, appliesReLU: true))
      : inputs[0].matmul(inputs[1])
  }

  /// How many elements there are.
  var count: Int { size * size * (subject == .convolution ? Self.channels.out : 1) }

  /// An element exactly, and the sum of the magnitudes of its terms.
  func exact(at index: Int) -> (value: Double, scale: Double) {
    var value = CompensatedSum()
    var scale = 0.0
    for (a, b) in terms(of: index) {
      value.add(a, times: b)
      scale += (a * b).magnitude
    }
    return (subject == .convolution ? max(0, value.value) : value.value, scale)
  }

  private func terms(of index: Int) -> [(Double, Double)] {
    guard subject == .convolution else {
      let (row, column) = (index / size, index % size)
      return (0..<size).map { (numbers[row * size + $0], numbers[size * size + $0 * size + column]) }
    }
    let channel = index % Self.channels.out
    let (y, x) = (index / Self.channels.out / size, index / Self.channels.out % size)
    let imageCount = size * size * Self.channels.in
    var terms: [(Double, Double)] = []
    for dy in 0..<Self.kernel {
      for dx in 0..<Self.kernel {
        let (row, column) = (y + dy - 1, x + dx - 1)
        guard 0..<size ~= row, 0..<size ~= column else { continue }
        for input in 0..<Self.channels.in {
          let tap = (dy * Self.kernel + dx) * Self.channels.in + input
          // As the kernels get it: rounded to float32 after 0.5 is taken off.
          let weight = Float(numbers[imageCount + tap * Self.channels.out + channel]) - 0.5
          terms.append((numbers[(row * size + column) * Self.channels.in + input], Double(weight)))
        }
      }
    }
    return terms
  }
}
