/// A program or library: machine code for one architecture, or for several.
struct BinaryImage: Hashable {
  /// How the file is laid out.
  enum Format: String, Encodable {
    /// Linux's.
    case elf = "ELF"
    /// Apple's.
    case machO = "Mach-O"
  }

  /// The code for one architecture.
  struct Slice: Hashable {
    var architecture: Architecture
    /// Libraries that it is loaded with, as the file names them.
    var libraries: [String] = []
    /// What its CPU must have beyond the architecture's first, where the file says so.
    var neededLevel: String?
    /// Where in the file texts may be.
    var constants: [Range<Int>] = []
  }

  var format: Format
  var slices: [Slice]

  var architectures: [Architecture] { slices.map(\.architecture) }

  /// Reads the headers of a file; nil where it is neither format.
  init?(path: String) throws(BinaryError) { try self.init(ByteSource(path: path)) }

  init?(_ source: ByteSource) throws(BinaryError) {
    let magic = Bytes(try source.readSome(at: 0, count: 4))
    if let slice = try ELFReader(source, magic)?.slice() {
      (format, slices) = (.elf, [slice])
    } else if let slices = try MachOReader.slices(source, magic) {
      (format, self.slices) = (.machO, slices)
    } else {
      return nil
    }
  }
}
