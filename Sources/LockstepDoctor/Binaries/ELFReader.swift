/// Reads the headers of an ELF file: "Tool Interface Standard ELF specification", 1995, and the ABIs' supplements.
struct ELFReader {
  private static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
  private static let mostLibraries = 4096
  private static let mostHeaders = 1 << 14

  private let source: ByteSource
  private let header: Bytes
  private let is64: Bool

  /// Nil where the file does not begin as ELF.
  init?(_ source: ByteSource, _ magic: Bytes) throws(BinaryError) {
    guard magic.array == Self.magic else { return nil }
    self.source = source
    var header = try source.read(at: 0, count: 52, "the ELF header")
    guard case let (size, order) = (header.array[4], header.array[5]), 1...2 ~= size, 1...2 ~= order else {
      throw .malformed("the ELF class \(header.array[4]) or byte order \(header.array[5])")
    }
    is64 = size == 2
    if is64 { header = try source.read(at: 0, count: 64, "the ELF header") }
    header.isBigEndian = order == 2
    self.header = header
  }

  func slice() throws(BinaryError) -> BinaryImage.Slice {
    let segments = try segments()
    var slice = BinaryImage.Slice(architecture: architecture)
    slice.libraries = try libraries(segments)
    slice.neededLevel = try neededLevel(segments)
    // Only texts are looked for there: a table of sections that makes no sense is as good as none.
    slice.constants = (try? constants()) ?? []
    return slice
  }

  /// `e_machine`, by the names of `uname -m`.
  private var architecture: Architecture {
    let machine = header.uint16(18)
    switch machine {
    case 3: return Architecture("i386")
    case 8: return Architecture(header.isBigEndian ? "mips" : "mipsel")
    case 20: return Architecture("ppc")
    case 21: return Architecture(header.isBigEndian ? "ppc64" : "ppc64le")
    case 22: return Architecture("s390x")
    case 40: return Architecture("arm")
    case 62: return .x86_64
    case 183: return .arm64
    case 243: return Architecture(is64 ? "riscv64" : "riscv32")
    case 258: return Architecture("loongarch64")
    default: return Architecture("ELF machine \(machine)")
    }
  }

  /// A part of the file that is mapped, or that says something about it.
  private struct Segment {
    var kind: UInt32
    var offset, address, size: UInt64
  }

  private func segments() throws(BinaryError) -> [Segment] {
    let (offset, entry, count) =
      is64
      ? (header.uint64(32), header.uint16(54), header.uint16(56))
      : (UInt64(header.uint32(28)), header.uint16(42), header.uint16(44))
    guard count > 0 else { return [] }
    guard entry >= (is64 ? 56 : 32), Int(count) <= Self.mostHeaders else {
      throw .malformed("\(count) program headers of \(entry) bytes")
    }
    let table = try read(at: offset, count: UInt64(entry) * UInt64(count), "the program headers")
    return (0..<Int(count)).map { index in
      let start = index * Int(entry)
      return is64
        ? Segment(
          kind: table.uint32(start), offset: table.uint64(start + 8), address: table.uint64(start + 16),
          size: table.uint64(start + 32))
        : Segment(
          kind: table.uint32(start), offset: UInt64(table.uint32(start + 4)),
          address: UInt64(table.uint32(start + 8)), size: UInt64(table.uint32(start + 16)))
    }
  }

  /// The names behind `DT_NEEDED`.
  private func libraries(_ segments: [Segment]) throws(BinaryError) -> [String] {
    guard let dynamic = segments.first(where: { $0.kind == 2 }) else { return [] }
    let table = try read(at: dynamic.offset, count: dynamic.size, limit: 1 << 20, "the dynamic section")
    let entry = is64 ? 16 : 8
    var (names, strings, stringsSize) = ([UInt64](), UInt64?.none, UInt64(0))
    for start in stride(from: 0, through: table.array.count - entry, by: entry) {
      let tag = is64 ? table.uint64(start) : UInt64(table.uint32(start))
      let value = is64 ? table.uint64(start + 8) : UInt64(table.uint32(start + 4))
      switch tag {
      case 1: names.append(value)
      case 5: strings = value
      case 10: stringsSize = value
      default: break
      }
      if tag == 0 || names.count > Self.mostLibraries { break }
    }
    guard let strings, !names.isEmpty else { return [] }
    // The address is one in memory; the segment that is mapped there says where in the file that is.
    guard
      let segment = segments.first(where: {
        $0.kind == 1 && strings >= $0.address && strings - $0.address < $0.size
      })
    else { throw .malformed("the dynamic strings are at \(strings), which is not mapped") }
    let (offset, overflows) = segment.offset.addingReportingOverflow(strings - segment.address)
    guard !overflows else { throw .malformed("the dynamic strings' offset") }
    return try names.map { (name) throws(BinaryError) in
      guard name < stringsSize else { throw .malformed("a library's name outside of the strings") }
      let (start, overflows) = offset.addingReportingOverflow(name)
      guard !overflows else { throw .malformed("a library's name") }
      return try read(at: start, count: min(stringsSize - name, 4096, rest(from: start)), "a library's name")
        .text(0)
    }
  }

  private func rest(from offset: UInt64) -> UInt64 { UInt64(source.size) - min(offset, UInt64(source.size)) }

  /// The x86 level a linker noted as needed, `GNU_PROPERTY_X86_ISA_1_NEEDED` in `PT_GNU_PROPERTY` (x86-64 psABI).
  private func neededLevel(_ segments: [Segment]) throws(BinaryError) -> String? {
    guard is64, let segment = segments.first(where: { $0.kind == 0x6474_E553 }) else { return nil }
    let note = try read(at: segment.offset, count: segment.size, limit: 1 << 16, "the property note")
    // A header of 16 bytes with the owner "GNU", then properties: type, size, data up to a multiple of 8.
    var start = 16
    while start + 12 <= note.array.count {
      let (type, size) = (note.uint32(start), Int(note.uint32(start + 4)))
      if type == 0xC000_8002, size == 4 {
        let bits = note.uint32(start + 8)
        return [(3, "x86-64-v4"), (2, "x86-64-v3"), (1, "x86-64-v2")].first { bits >> $0.0 & 1 == 1 }?.1
      }
      start += 8 + (min(size, note.array.count) + 7) / 8 * 8
    }
    return nil
  }

  /// The sections of constants. Without a table of sections, which a stripped file may lack, none.
  private func constants() throws(BinaryError) -> [Range<Int>] {
    let (offset, entry, count) =
      is64
      ? (header.uint64(40), header.uint16(58), header.uint16(60))
      : (UInt64(header.uint32(32)), header.uint16(46), header.uint16(48))
    guard offset > 0, count > 0, entry >= (is64 ? 64 : 40), Int(count) <= Self.mostHeaders else { return [] }
    let table = try read(at: offset, count: UInt64(entry) * UInt64(count), "the section headers")
    return (0..<Int(count)).compactMap { index in
      let start = index * Int(entry)
      let (kind, flags) =
        (table.uint32(start + 4), is64 ? table.uint64(start + 8) : UInt64(table.uint32(start + 8)))
      // Contents of the program's, in memory, neither written nor executed.
      guard kind == 1, flags & 0b111 == 0b010 else { return nil }
      let place =
        is64
        ? (table.uint64(start + 24), table.uint64(start + 32))
        : (UInt64(table.uint32(start + 16)), UInt64(table.uint32(start + 20)))
      return source.range(at: place.0, count: place.1)
    }
  }

  private func read(
    at offset: UInt64, count: UInt64, limit: Int = 1 << 24, _ what: String
  ) throws(BinaryError) -> Bytes {
    var bytes = try source.read(at: offset, count: count, limit: limit, what)
    bytes.isBigEndian = header.isBigEndian
    return bytes
  }
}

extension ByteSource {
  /// The part of a range that is in the file; nil where none is.
  func range(at offset: UInt64, count: UInt64) -> Range<Int>? {
    guard offset < UInt64(size), count > 0 else { return nil }
    return Int(offset)..<Int(offset + min(count, UInt64(size) - offset))
  }
}
