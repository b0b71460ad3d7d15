/// Makes files of machine code without any code, byte by byte as the formats' manuals have it.
enum BinaryBytes {
  /// ELF's numbers for architectures.
  static let x86_64: UInt16 = 62
  static let arm64: UInt16 = 183

  /// A 64-bit shared object that asks for libraries, with constants that hold a text.
  static func elf(
    _ machine: UInt16 = x86_64, libraries: [String] = [], text: String = "", neededISA: UInt32? = nil,
    isBigEndian: Bool = false
  ) -> [UInt8] {
    var writer = Writer(isBigEndian: isBigEndian)
    var strings: [UInt8] = [0]
    let offsets = libraries.map { name in
      defer { strings += Array(name.utf8) + [0] }
      return UInt64(strings.count)
    }
    let note = neededISA.map { Self.note($0, isBigEndian) } ?? []
    let dynamicCount = libraries.count + 3
    let stringsAt = 64 + 3 * 56 + dynamicCount * 16
    let noteAt = stringsAt + strings.count
    let textAt = noteAt + note.count
    let sectionsAt = textAt + text.utf8.count
    // The file is mapped at this address, so that addresses and offsets differ.
    let base: UInt64 = 0x10000
    writer.bytes = [0x7F, 0x45, 0x4C, 0x46, 2, isBigEndian ? 2 : 1, 1] + [UInt8](repeating: 0, count: 9)
    writer.put16(3, machine)
    writer.put32(1)
    writer.put64(0, 64, UInt64(sectionsAt))
    writer.put32(0)
    writer.put16(64, 56, 3, 64, 2, 0)
    for (kind, at, count) in [
      (UInt32(1), 0, sectionsAt), (2, stringsAt - dynamicCount * 16, dynamicCount * 16),
      (note.isEmpty ? 0 : 0x6474_E553, noteAt, note.count),
    ] {
      writer.put32(kind, 4)
      writer.put64(UInt64(at), base + UInt64(at), base + UInt64(at), UInt64(count), UInt64(count), 8)
    }
    for offset in offsets { writer.put64(1, offset) }
    writer.put64(5, base + UInt64(stringsAt), 10, UInt64(strings.count), 0, 0)
    writer.bytes += strings + note + Array(text.utf8)
    writer.bytes += [UInt8](repeating: 0, count: 64)
    writer.put32(0, 1)
    writer.put64(2, 0, UInt64(textAt), UInt64(text.utf8.count), 0, 0, 1)
    writer.bytes += [UInt8](repeating: 0, count: 8)
    return writer.bytes
  }

  private static func note(_ bits: UInt32, _ isBigEndian: Bool) -> [UInt8] {
    var writer = Writer(isBigEndian: isBigEndian)
    writer.put32(4, 32, 5)
    writer.bytes += Array("GNU\0".utf8)
    // Another property before the one that is looked for.
    writer.put32(0xC000_0002, 4, 3, 0)
    writer.put32(0xC000_8002, 4, bits, 0)
    return writer.bytes
  }

  /// Apple's numbers for architectures: type and subtype.
  static let machX86: (UInt32, UInt32) = (0x0100_0007, 3)
  static let machARM: (UInt32, UInt32) = (0x0100_000C, 0)
  static let machHaswell: (UInt32, UInt32) = (0x0100_0007, 8)

  /// A thin library, with constants that hold a text.
  static func machO(_ cpu: (UInt32, UInt32), libraries: [String] = [], text: String = "") -> [UInt8] {
    var commands = Writer()
    for library in libraries {
      let name = Array(library.utf8) + [0]
      let size = (24 + name.count + 7) / 8 * 8
      commands.put32(0xC, UInt32(size), 24, 2, 0x10000, 0x10000)
      commands.bytes += name + [UInt8](repeating: 0, count: size - 24 - name.count)
    }
    let size = commands.bytes.count + 152
    func name(_ text: String) -> [UInt8] {
      Array(text.utf8) + [UInt8](repeating: 0, count: 16 - text.utf8.count)
    }
    commands.put32(0x19, 152)
    commands.bytes += name("__TEXT")
    commands.put64(0, 0x4000, 0, UInt64(32 + size + text.utf8.count))
    commands.put32(5, 5, 1, 0)
    commands.bytes += name("__const") + name("__TEXT")
    commands.put64(0x1000, UInt64(text.utf8.count))
    commands.put32(UInt32(32 + size), 0, 0, 0, 0, 0, 0, 0)
    var header = Writer()
    header.put32(0xFEED_FACF, cpu.0, cpu.1, 6, UInt32(libraries.count + 1), UInt32(size), 0, 0)
    return header.bytes + commands.bytes + Array(text.utf8)
  }

  /// A universal library of thin ones.
  static func universal(_ slices: [((UInt32, UInt32), [UInt8])]) -> [UInt8] {
    var writer = Writer(isBigEndian: true)
    writer.put32(0xCAFE_BABE, UInt32(slices.count))
    var offset = (8 + 20 * slices.count + 4095) / 4096 * 4096
    var contents: [UInt8] = []
    for (cpu, bytes) in slices {
      writer.put32(cpu.0, cpu.1, UInt32(offset), UInt32(bytes.count), 12)
      let padded = (bytes.count + 4095) / 4096 * 4096
      contents += bytes + [UInt8](repeating: 0, count: padded - bytes.count)
      offset += padded
    }
    return writer.bytes + [UInt8](repeating: 0, count: (4096 - writer.bytes.count % 4096) % 4096) + contents
  }

  /// Writes numbers.
  private struct Writer {
    var bytes: [UInt8] = []
    var isBigEndian = false

    mutating func put16(_ numbers: UInt16...) { numbers.forEach { put($0) } }

    mutating func put32(_ numbers: UInt32...) { numbers.forEach { put($0) } }

    mutating func put64(_ numbers: UInt64...) { numbers.forEach { put($0) } }

    private mutating func put(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: isBigEndian ? number.bigEndian : number.littleEndian) { bytes += Array($0) }
    }
  }
}
