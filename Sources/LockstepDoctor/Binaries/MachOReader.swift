/// Reads the headers of a Mach-O file, thin or universal: `mach-o/loader.h` and `mach-o/fat.h` of Apple's headers.
struct MachOReader {
  private static let mostSlices = 64
  private static let mostCommands = 1 << 14

  private let source: ByteSource
  /// Where in the file the slice begins.
  private let base: UInt64
  private let header: Bytes
  private let is64: Bool

  /// The slices; nil where the file does not begin as Mach-O.
  static func slices(_ source: ByteSource, _ magic: Bytes) throws(BinaryError) -> [BinaryImage.Slice]? {
    var magic = magic
    magic.isBigEndian = true
    switch magic.uint32(0) {
    case 0xCAFE_BABE: return try universal(source, entry: 20)
    case 0xCAFE_BABF: return try universal(source, entry: 32)
    default:
      return try MachOReader(source, at: 0).map { (reader) throws(BinaryError) in [try reader.slice()] }
    }
  }

  /// A universal file's headers are big-endian, whatever is in it. Java's classes begin with the same four bytes;
  /// the next four, a number of slices here, are their version, 45 or more.
  private static func universal(_ source: ByteSource, entry: Int) throws(BinaryError) -> [BinaryImage.Slice]?
  {
    var header = try source.read(at: 0, count: 8, "the universal header")
    header.isBigEndian = true
    let count = Int(header.uint32(4))
    guard (1...mostSlices).contains(count) else { throw .malformed("\(count) slices in a universal file") }
    guard count < 45 else { return nil }
    var table = try source.read(at: 8, count: UInt64(count * entry), "the list of slices")
    table.isBigEndian = true
    var slices: [BinaryImage.Slice] = []
    for index in 0..<count {
      let start = index * entry
      let offset = entry == 32 ? table.uint64(start + 8) : UInt64(table.uint32(start + 8))
      guard let reader = try MachOReader(source, at: offset) else {
        throw .malformed("slice \(index) at \(offset) is no Mach-O")
      }
      slices.append(try reader.slice())
    }
    return slices
  }

  /// Nil where no Mach-O begins there.
  private init?(_ source: ByteSource, at base: UInt64) throws(BinaryError) {
    guard base <= UInt64(source.size), source.size - Int(base) >= 4 else { return nil }
    var magic = try source.read(at: base, count: 4, "the magic number")
    magic.isBigEndian = true
    let kinds: [UInt32: (is64: Bool, isBigEndian: Bool)] = [
      0xFEED_FACE: (false, true), 0xFEED_FACF: (true, true), 0xCEFA_EDFE: (false, false),
      0xCFFA_EDFE: (true, false),
    ]
    guard let kind = kinds[magic.uint32(0)] else { return nil }
    var header = try source.read(at: base, count: kind.is64 ? 32 : 28, "the Mach-O header")
    header.isBigEndian = kind.isBigEndian
    (self.source, self.base, self.header, is64) = (source, base, header, kind.is64)
  }

  private func slice() throws(BinaryError) -> BinaryImage.Slice {
    var slice = BinaryImage.Slice(architecture: architecture)
    // A slice of its own for Haswell and newer.
    if header.uint32(4) == 0x0100_0007, header.uint32(8) & 0xFF_FFFF == 8 { slice.neededLevel = "x86-64-v3" }
    let (count, size) = (Int(header.uint32(16)), UInt64(header.uint32(20)))
    guard count <= Self.mostCommands else { throw .malformed("\(count) load commands") }
    let (begin, overflows) = base.addingReportingOverflow(is64 ? 32 : 28)
    guard !overflows else { throw .malformed("the load commands' offset") }
    var commands = try source.read(at: begin, count: size, "the load commands")
    commands.isBigEndian = header.isBigEndian
    var start = 0
    for _ in 0..<count {
      let length = Int(commands.uint32(start + 4))
      guard length >= 8, start + length <= commands.array.count else {
        throw .malformed("a load command of \(length) bytes")
      }
      var command = Bytes(Array(commands.array[start..<start + length]))
      command.isBigEndian = header.isBigEndian
      take(command, into: &slice)
      start += length
    }
    return slice
  }

  private var architecture: Architecture {
    switch header.uint32(4) {
    case 0x7: Architecture("i386")
    case 0x0100_0007: .x86_64
    case 0xC: Architecture("arm")
    case 0x0100_000C: .arm64
    case 0x0200_000C: Architecture("arm64_32")
    case 0x12: Architecture("ppc")
    case 0x0100_0012: Architecture("ppc64")
    case let type: Architecture("Mach-O CPU type \(type)")
    }
  }

  private func take(_ command: Bytes, into slice: inout BinaryImage.Slice) {
    switch command.uint32(0) {
    // Load a library; weakly; and hand on its symbols.
    case 0xC, 0x8000_0018, 0x8000_001F: slice.libraries.append(command.text(Int(command.uint32(8))))
    case 0x19: slice.constants += constants(of: command)
    default: break
    }
  }

  /// `__const` and `__cstring` of the segment of a program's code.
  private func constants(of segment: Bytes) -> [Range<Int>] {
    guard name(segment, 8) == "__TEXT" else { return [] }
    let count = min(Int(segment.uint32(64)), (segment.array.count - 72) / 80)
    return (0..<max(0, count)).compactMap { index in
      let start = 72 + index * 80
      guard ["__const", "__cstring"].contains(name(segment, start)) else { return nil }
      let (offset, overflows) = base.addingReportingOverflow(UInt64(segment.uint32(start + 48)))
      return overflows ? nil : source.range(at: offset, count: segment.uint64(start + 40))
    }
  }

  /// A name in 16 bytes.
  private func name(_ bytes: Bytes, _ offset: Int) -> String {
    guard offset + 16 <= bytes.array.count else { return "" }
    return String(decoding: bytes.array[offset..<offset + 16].prefix { $0 != 0 }, as: UTF8.self)
  }
}
