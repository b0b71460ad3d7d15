import LockstepCore

/// The arrays of a `.npz` file, as `np.savez` and `np.savez_compressed` write them: a zip archive of `.npy` files.
///
/// ```swift
/// let archive = try NumPyArchive(file: "mnist.npz")
/// let images = try archive.array(named: "x_train")    // unpacked when it is asked for
/// ```
public struct NumPyArchive: Sendable {
  /// Files and archives that would take more bytes in memory than this are refused.
  public static let defaultSizeLimit = 16 << 30

  private static let suffix = ".npy"

  private let file: String
  private let archive: ZipArchive

  /// Reads the directory of a file.
  ///
  /// - Parameter sizeLimit: archives that would unpack to more bytes than this are refused before they are.
  /// - Throws: ``NumPyError`` naming the file and what is wrong with it.
  public init(file: String, sizeLimit: Int = defaultSizeLimit) throws(NumPyError) {
    let contents: [UInt8]
    do throws(FileError) {
      contents = try FileReader.read(file, limit: sizeLimit)
    } catch {
      throw NumPyError("\(file) can't be read: \(error)")
    }
    try self.init(fileContents: contents, named: file, sizeLimit: sizeLimit)
  }

  /// Reads the directory of a file in memory; `file` names it in errors.
  public init(
    fileContents: [UInt8], named file: String, sizeLimit: Int = defaultSizeLimit
  ) throws(NumPyError) {
    self.file = file
    do throws(FileError) {
      archive = try ZipArchive(fileContents, sizeLimit: sizeLimit)
    } catch {
      throw NumPyError("\(file) \(error)")
    }
  }

  /// The arrays' names, in the file's order. Files that are no arrays are left out.
  public var names: [String] {
    archive.entries.filter { $0.name.hasSuffix(Self.suffix) }.map {
      String($0.name.dropLast(Self.suffix.count))
    }
  }

  /// An array of numbers.
  ///
  /// - Throws: ``NumPyError`` if there is none of that name, or it is damaged or of objects.
  public func array(named name: String) throws(NumPyError) -> NumPyArray {
    try read(name) { contents throws(NumPyError) in try NumPyArray(fileContents: contents) }
  }

  /// A one-dimensional array of texts.
  ///
  /// - Throws: ``NumPyError`` if there is none of that name, or it is damaged or of something else.
  public func texts(named name: String) throws(NumPyError) -> [String] {
    try read(name) { contents throws(NumPyError) in try NumPyText.decoded(contents) }
  }

  private func read<Value>(
    _ name: String, _ decode: ([UInt8]) throws(NumPyError) -> Value
  ) throws(NumPyError) -> Value {
    guard let entry = archive.entries.first(where: { $0.name == name + Self.suffix }) else {
      throw NumPyError("\(file) has no array \(name); it has \(names.joined(separator: ", "))")
    }
    let contents: [UInt8]
    do throws(FileError) {
      contents = try archive.contents(of: entry)
    } catch {
      throw NumPyError("\(file): \(error)")
    }
    do throws(NumPyError) {
      return try decode(contents)
    } catch {
      throw NumPyError("\(file): \(name) \(error)")
    }
  }
}

/// Puts arrays into a `.npz` file that `np.load` reads without pickle.
///
/// ```swift
/// var writer = NumPyArchiveWriter()
/// try writer.add("weights", NumPyArray(tensor))
/// try writer.write(to: "weights.npz")
/// ```
/// The file's bytes are a function of names and arrays alone.
public struct NumPyArchiveWriter: Sendable {
  private let isCompressed: Bool
  private var files: [(name: String, contents: [UInt8])] = []

  /// Begins a file, deflated as `np.savez_compressed`'s are or stored as `np.savez`'s.
  public init(isCompressed: Bool = true) { self.isCompressed = isCompressed }

  /// Adds an array of numbers. Traps on a name that is there already.
  public mutating func add(_ name: String, _ array: NumPyArray) { append(name, array.fileContents()) }

  /// Adds a one-dimensional array of texts. Traps on a name that is there already.
  public mutating func add(_ name: String, _ texts: [String]) { append(name, NumPyText.encoded(texts)) }

  /// Writes the file: all of it or, on failure, nothing.
  ///
  /// - Throws: ``NumPyError`` naming the file and the system's reason.
  public func write(to file: String) throws(NumPyError) {
    do throws(FileError) {
      var zip = ZipWriter()
      for (name, contents) in files { try zip.add("\(name).npy", contents, isDeflated: isCompressed) }
      try AtomicFile.write(zip.fileContents(), to: file)
    } catch {
      throw NumPyError("\(file) can't be written: \(error)")
    }
  }

  private mutating func append(_ name: String, _ contents: [UInt8]) {
    trap(unless: !files.contains { $0.name == name }, "an array \(name) is there already")
    files.append((name, contents))
  }
}
