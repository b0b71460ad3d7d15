import Foundation
import Testing

@testable import LockstepDoctor

@Suite("Headers of programs and libraries")
struct BinaryImageTests {
  private func image(_ bytes: [UInt8]) throws -> BinaryImage? { try BinaryImage(ByteSource(bytes)) }

  @Test(
    "an ELF file says its architecture and the libraries it asks for, in either byte order",
    arguments: [
      (BinaryBytes.x86_64, "x86_64"), (BinaryBytes.arm64, "arm64"), (21, "ppc64"), (9999, "ELF machine 9999"),
    ])
  func elf(machine: UInt16, name: String) throws {
    for isBigEndian in [false, true] where isBigEndian || machine != 21 {
      let bytes = BinaryBytes.elf(machine, libraries: ["libm.so.6", "libc.so.6"], isBigEndian: isBigEndian)
      let image = try #require(try image(bytes))
      #expect(image.format == .elf)
      #expect(image.slices.map(\.architecture.name) == [name])
      #expect(image.slices[0].libraries == ["libm.so.6", "libc.so.6"])
    }
  }

  @Test(
    "the x86-64 level that a linker noted is found behind other properties",
    arguments: [(0b1, nil), (0b11, "x86-64-v2"), (0b111, "x86-64-v3"), (0b1111, "x86-64-v4")]
      as [(UInt32, String?)])
  func neededLevel(bits: UInt32, level: String?) throws {
    #expect(try image(BinaryBytes.elf(neededISA: bits))?.slices[0].neededLevel == level)
  }

  @Test("a thin Mach-O file says its architecture and libraries")
  func thin() throws {
    let bytes = BinaryBytes.machO(
      BinaryBytes.machARM, libraries: ["/usr/lib/libSystem.B.dylib", "@rpath/libx.dylib"])
    let image = try #require(try image(bytes))
    #expect(image.format == .machO && image.architectures == [.arm64])
    #expect(image.slices[0].libraries == ["/usr/lib/libSystem.B.dylib", "@rpath/libx.dylib"])
  }

  @Test("a universal Mach-O file has a slice for each architecture, and one for Haswell is told apart")
  func universal() throws {
    let kinds = [BinaryBytes.machX86, BinaryBytes.machHaswell, BinaryBytes.machARM]
    let bytes = BinaryBytes.universal(kinds.map { ($0, BinaryBytes.machO($0, libraries: ["a", "b"])) })
    let slices = try #require(try image(bytes)?.slices)
    #expect(slices.map(\.architecture) == [.x86_64, .x86_64, .arm64])
    #expect(slices.map(\.neededLevel) == [nil, "x86-64-v3", nil])
    #expect(slices.allSatisfy { $0.libraries == ["a", "b"] })
  }

  @Test(
    "what is neither is nothing",
    arguments: [
      [], [0x7F], Array("#!/bin/sh\n".utf8), Array("not a library".utf8),
      // A class of Java's begins as a universal file does.
      [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52] + [UInt8](repeating: 0, count: 100),
    ])
  func other(bytes: [UInt8]) throws {
    #expect(try image(bytes) == nil)
  }

  #if os(Linux)
    @Test("this program is read as the system's own tools read it")
    func thisProgram() throws {
      let image = try #require(try BinaryImage(path: "/proc/self/exe"))
      #expect(image.architectures == [.ofThisProgram])
      #expect(image.slices[0].libraries.contains("libc.so.6"))
    }
  #endif

  /// Headers of every kind.
  private static let samples = [
    BinaryBytes.elf(libraries: ["libm.so.6", "libc.so.6"], text: "OpenBLAS 0.3.21", neededISA: 7),
    BinaryBytes.machO(BinaryBytes.machX86, libraries: ["a", "b"], text: "OpenBLAS 0.3.21"),
    Array(
      BinaryBytes.universal([
        (BinaryBytes.machX86, BinaryBytes.machO(BinaryBytes.machX86, libraries: ["a"]))
      ]).prefix(4600)),
  ]

  @Test("a file that is cut off anywhere is an error or nothing, never a crash", arguments: samples.indices)
  func truncation(sample: Int) {
    let bytes = Self.samples[sample]
    var failures = 0
    for count in 0..<bytes.count {
      do { _ = try image(Array(bytes.prefix(count))) } catch { failures += 1 }
    }
    #expect(failures > 100)
  }

  @Test(
    "a file with any byte changed is read, is an error or nothing, never a crash", arguments: samples.indices)
  func mutation(sample: Int) {
    var bytes = Self.samples[sample]
    var failures = 0
    for index in bytes.indices {
      let original = bytes[index]
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
        bytes[index] = value
        do { _ = try image(bytes) } catch { failures += 1 }
      }
      bytes[index] = original
    }
    #expect(failures > 50)
  }

  @Test(
    "a header that lies about places and sizes gets a line that says which",
    arguments: [
      (32, UInt64.max, "the program headers at 18446744073709551615, of 168 bytes, in a file of"),
      (64 + 56 + 8, UInt64(1) << 40, "the dynamic section at 1099511627776"),
      (64 + 56 + 32, UInt64.max, "the dynamic section of 18446744073709551615 bytes"),
      (64 + 3 * 56 + 8, UInt64.max, "a library's name outside of the strings"),
      (
        64 + 3 * 56 + 24, UInt64(1) << 62,
        "the dynamic strings are at 4611686018427387904, which is not mapped"
      ),
    ])
  func lies(offset: Int, value: UInt64, message: String) {
    var bytes = BinaryBytes.elf(libraries: ["libm.so.6"])
    withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(offset..<offset + 8, with: $0) }
    let error = #expect(throws: BinaryError.self) { try image(bytes) }
    #expect(error?.description.hasPrefix("malformed: \(message)") == true, "\(error.map { "\($0)" } ?? "")")
  }
}

@Suite("Texts in libraries")
struct TextSearchTests {
  @Test("a text is found in the constants, up to what can't be printed")
  func found() throws {
    for bytes in [
      BinaryBytes.elf(text: "abc\0OpenBLAS 0.3.21 DYNAMIC_ARCH\0more"),
      BinaryBytes.machO(BinaryBytes.machARM, text: "abc\0OpenBLAS 0.3.21 DYNAMIC_ARCH\0more"),
    ] {
      let source = ByteSource(bytes)
      let ranges = try #require(try BinaryImage(source)).slices.flatMap(\.constants)
      #expect(ranges.count == 1 && ranges[0].count == 37)
      let texts = try TextSearch(source, in: ranges).texts(beginningWith: ["OpenBLAS 0.", "oneDNN v"])
      #expect(texts == ["OpenBLAS 0.": "OpenBLAS 0.3.21 DYNAMIC_ARCH"])
    }
  }

  @Test(
    "a text across the border of two pieces is found whole, and none beyond the limit",
    arguments: [1, 11, 12, 13, 15])
  func border(before: Int) throws {
    var bytes = [UInt8](repeating: 0x4F, count: 3 << 20)
    let text = Array("OpenBLAS 0.3.9".utf8) + [0]
    bytes.replaceSubrange((1 << 20) - before..<(1 << 20) - before + text.count, with: text)
    let search = TextSearch(ByteSource(bytes), in: [])
    #expect(try search.texts(beginningWith: ["OpenBLAS 0."]) == ["OpenBLAS 0.": "OpenBLAS 0.3.9"])
    bytes.replaceSubrange((1 << 20) - before..<(1 << 20) - before + text.count, with: text.map { _ in 0 })
    bytes.replaceSubrange(2_900_000..<2_900_000 + text.count, with: text)
    #expect(
      try TextSearch(ByteSource(bytes), in: [], limit: 2 << 20).texts(beginningWith: ["OpenBLAS 0."]).isEmpty)
  }
}
