import LockstepBackends
public import LockstepCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Something that adds: a way of adding in Swift, or a device with its kernels.
public struct GrowthSubject {
  let name: String
  let kind: ErrorGrowth.Kind
  /// What it computes.
  let quantities: Set<ErrorGrowth.Quantity>
  /// Starts what there is to start.
  private let start: () throws -> (ErrorGrowth.Quantity, NumberDraw) throws -> [Float]
  private var compute: ((ErrorGrowth.Quantity, NumberDraw) throws -> [Float])?

  init(
    _ name: String, _ kind: ErrorGrowth.Kind, _ quantities: Set<ErrorGrowth.Quantity>,
    start: @escaping () throws -> (ErrorGrowth.Quantity, NumberDraw) throws -> [Float]
  ) {
    self.name = name
    self.kind = kind
    self.quantities = quantities
    self.start = start
  }

  /// A way of adding.
  public init(_ summation: Summation) {
    self.init(summation.name, .plain, Set(ErrorGrowth.Quantity.allCases)) {
      { quantity, draw in PlainFigure(summation).compute(quantity, draw) }
    }
  }

  /// Lockstep's own kernels on a device: sums, variances and softmax.
  public init(kernels name: String, makeDevice: @escaping () throws -> Device) {
    self.init(
      name, .lockstep, [.sum, .onePassVariance, .twoPassVariance, .probabilitySum, .probability]
    ) {
      let device = try makeDevice()
      return { quantity, draw in try DeviceFigure(device).compute(quantity, draw) }
    }
  }

  /// A kernel set of OpenBLAS: matrix products, and dot products as such.
  public init(blas candidate: KernelCandidate) {
    self.init(candidate.name, .blas, [.dot, .matmul]) {
      let device = try candidate.makeDevice()
      return { quantity, draw in try DeviceFigure(device).compute(quantity, draw) }
    }
  }

  /// Everything there may be on this machine: all ways of adding, our kernels at every level, and OpenBLAS's
  /// kernel sets that differ most.
  public static func all() -> [GrowthSubject] {
    let levels = NativeBackend.availableISALevels.map { level in
      GrowthSubject(kernels: level) { try Engine.native(isaLevel: level).makeDevice(threads: 1) }
    }
    let chosen = ["Prescott", "Nehalem", "Haswell", "SkylakeX", "ARMV8", "NEOVERSEN1"]
    let cores = KernelCandidate.cores().filter { chosen.contains($0.name) }
    return Summation.all.map { GrowthSubject($0) } + levels + cores.map { GrowthSubject(blas: $0) }
  }

  /// What it makes of some numbers.
  mutating func callAsFunction(_ quantity: ErrorGrowth.Quantity, _ draw: NumberDraw) throws -> [Float] {
    if compute == nil { compute = try start() }
    return try compute.map { try $0(quantity, draw) } ?? []
  }
}

/// The quantities with a way of adding: everything else as one writes it down.
private struct PlainFigure {
  let sum: Summation

  init(_ sum: Summation) { self.sum = sum }

  func compute(_ quantity: ErrorGrowth.Quantity, _ draw: NumberDraw) -> [Float] {
    let count = Float(draw.count)
    switch quantity {
    case .sum: return [sum(draw.a)]
    case .dot: return [sum((0..<draw.count).map { draw.a[$0] * draw.b[$0] })]
    case .matmul: return product(draw)
    case .onePassVariance:
      let numbers = draw.shifted
      let mean = sum(numbers) / count
      return [sum(numbers.map { $0 * $0 }) / count - mean * mean]
    case .twoPassVariance:
      let numbers = draw.shifted
      let mean = sum(numbers) / count
      return [sum(numbers.map { ($0 - mean) * ($0 - mean) }) / count]
    case .probabilitySum, .probability:
      let largest = draw.normal.max() ?? 0
      let powers = draw.normal.map { expf($0 - largest) }
      let total = sum(powers)
      return powers.map { $0 / total }
    }
  }

  private func product(_ draw: NumberDraw) -> [Float] {
    let edge = NumberDraw.edge
    return (0..<edge * edge).map { element in
      let row = element / edge
      let column = element % edge
      return sum((0..<draw.inner).map { draw.a[row * draw.inner + $0] * draw.b[$0 * edge + column] })
    }
  }
}

/// The quantities as tensors on a device.
private struct DeviceFigure {
  let device: Device

  init(_ device: Device) { self.device = device }

  func compute(_ quantity: ErrorGrowth.Quantity, _ draw: NumberDraw) throws -> [Float] {
    try tensor(quantity, draw).scalars(as: Float.self)
  }

  private func tensor(_ quantity: ErrorGrowth.Quantity, _ draw: NumberDraw) -> Tensor {
    switch quantity {
    case .sum: return Tensor(draw.a, on: device).sum()
    case .dot: return matrix(draw.a, [1, draw.count]).matmul(matrix(draw.b, [draw.count, 1]))
    case .matmul:
      let edge = NumberDraw.edge
      let used = edge * draw.inner
      return matrix(Array(draw.a[..<used]), [edge, draw.inner])
        .matmul(matrix(Array(draw.b[..<used]), [draw.inner, edge]))
    case .onePassVariance:
      let numbers = Tensor(draw.shifted, on: device)
      return numbers.squared().mean() - numbers.mean().squared()
    case .twoPassVariance: return Tensor(draw.shifted, on: device).variance()
    case .probabilitySum, .probability: return Tensor(draw.normal, on: device).softmax()
    }
  }

  private func matrix(_ numbers: [Float], _ shape: Shape) -> Tensor {
    Tensor(numbers, shape: shape, on: device)
  }
}
