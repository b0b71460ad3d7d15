/// An array of bytes in the IDX format of the MNIST files, plain or in gzip.
///
/// Two zeros, the element type (8: unsigned bytes), the number of dimensions, then each size in 4 bytes, most
/// significant first, then the elements, row-major. Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database".
struct IDXArray: Sendable {
  let dimensions: [Int]
  let elements: ArraySlice<UInt8>

  /// Reads a file of images, `[count, height, width]`, or of labels, `[count]`.
  init(_ contents: IDXError.Contents, contentsOf path: String) throws(IDXError) {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try FileReader.read(path)
      bytes = Gzip.isWrapped(file) ? try Gzip.unwrap(file, limit: FileReader.defaultSizeLimit) : file
    } catch {
      throw .unreadable(path, error)
    }
    let magic = Array(bytes.prefix(contents.magic.count))
    guard magic == contents.magic else {
      throw .wrongMagic(path, expected: contents, found: magic)
    }
    let rank = Int(magic[3])
    let headerSize = magic.count + 4 * rank
    guard bytes.count >= headerSize else {
      throw .wrongSize(path, expected: headerSize, found: bytes.count)
    }
    dimensions = (0..<rank).map { axis in
      bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
    }
    // Sizes are below 2³², so only three of them may overflow.
    var count = 1
    for dimension in dimensions {
      let product = count.multipliedReportingOverflow(by: dimension)
      guard dimension > 0, !product.overflow, product.partialValue < Int.max - headerSize else {
        throw .invalidDimensions(path, dimensions)
      }
      count = product.partialValue
    }
    let size = headerSize + count
    guard bytes.count == size else { throw .wrongSize(path, expected: size, found: bytes.count) }
    elements = bytes[headerSize...]
  }
}
