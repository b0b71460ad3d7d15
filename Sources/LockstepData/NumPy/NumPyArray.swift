public import LockstepCore

/// An array as NumPy's `.npy` files hold one: shape, dtype and elements in host memory.
///
/// ```swift
/// let counts = try Tensor(npy: "counts.npy")          // np.save("counts.npy", counts)
/// try (counts + 1).write(npy: "more.npy")             // np.load("more.npy")
/// ```
/// Versions 1.0 to 3.0 of the format are read, elements in C and in Fortran order, least or most significant byte
/// first. Pickled objects are refused: to load them is to run what a file says. Format:
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
public struct NumPyArray: Hashable, Sendable {
  /// The order in which a file holds the elements.
  public enum Order: Sendable {
    /// Row-major: the last index changes fastest.
    case c
    /// Column-major: the first index changes fastest.
    case fortran
  }

  /// Shape and dtype.
  public let spec: TensorSpec
  /// The elements, row-major, least significant byte first.
  public let bytes: [UInt8]

  /// Creates an array; traps if the bytes don't fill the shape, or a bool is neither 0 nor 1.
  public init(spec: TensorSpec, bytes: [UInt8]) {
    trap(unless: bytes.count == spec.byteCount, "\(bytes.count) bytes do not fill \(spec)")
    trap(unless: spec.dtype != .bool || bytes.allSatisfy { $0 <= 1 }, "a bool is a byte of 0 or 1")
    self.spec = spec
    self.bytes = bytes
  }

  /// Creates an array of values in row-major order; traps if they don't fill the shape.
  public init<Element: TensorElement>(_ values: [Element], shape: Shape? = nil) {
    self.init(
      spec: TensorSpec(shape ?? [values.count], Element.dtype), bytes: values.withUnsafeBytes { Array($0) })
  }

  /// Downloads a tensor.
  public init(_ tensor: Tensor) throws(BackendError) {
    self.init(spec: tensor.spec, bytes: try tensor.bytes())
  }

  /// Reads a `.npy` file.
  ///
  /// - Throws: ``NumPyError`` naming the file and what is wrong with it.
  public init(file: String) throws(NumPyError) {
    let contents: [UInt8]
    do throws(FileError) {
      contents = try FileReader.read(file, limit: NumPyArchive.defaultSizeLimit)
    } catch {
      throw NumPyError("\(file) can't be read: \(error)")
    }
    do throws(NumPyError) {
      try self.init(fileContents: contents)
    } catch {
      throw NumPyError("\(file) \(error)")
    }
  }

  /// Uploads the elements to a device.
  public func tensor(on device: Device = .default) -> Tensor {
    bytes.withUnsafeBytes { Tensor(bytes: $0, spec: spec, on: device) }
  }

  /// Writes a `.npy` file: all of it or, on failure, none.
  ///
  /// - Throws: ``NumPyError`` naming the file and the system's reason.
  public func write(to file: String, order: Order = .c) throws(NumPyError) {
    do throws(FileError) {
      try AtomicFile.write(fileContents(order: order), to: file)
    } catch {
      throw NumPyError("\(file) can't be written: \(error)")
    }
  }
}

extension Tensor {
  /// Reads a tensor from a `.npy` file.
  ///
  /// - Throws: ``NumPyError`` naming the file and what is wrong with it.
  public init(npy file: String, on device: Device = .default) throws(NumPyError) {
    self = try NumPyArray(file: file).tensor(on: device)
  }

  /// Writes the elements to a `.npy` file, once they are computed: all of it or, on failure, none.
  ///
  /// - Throws: ``NumPyError`` if the file can't be written; `BackendError`, the device's first failure.
  public func write(npy file: String) throws {
    try NumPyArray(self).write(to: file)
  }
}

/// Why a `.npy` or `.npz` file can't be used.
public struct NumPyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, what is wrong with it and, where it helps, what to do, in one line.
  public let description: String

  init(_ description: String) { self.description = description }
}
