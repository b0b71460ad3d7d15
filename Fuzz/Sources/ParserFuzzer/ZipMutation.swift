/// A zip archive as the files its directory says it has, so that one can be changed and sizes and check sums be right.
struct ZipMutation {
  private struct File {
    var name: [UInt8]
    var contents: [UInt8]
    var isDeflated: Bool
  }

  /// Where an entry of the directory, its local header and its packed bytes are in an archive.
  private struct Entry {
    let place: Int
    let local: Int
    let packed: Range<Int>
    let isDeflated: Bool
    let name: [UInt8]
  }

  private var files: [File]

  /// The archive changed somewhere; one time in eight without mending a check sum.
  static func mutated(_ bytes: [UInt8], limit: Int, _ random: inout MutationRandom) -> [UInt8] {
    let choice = Int.random(in: 0..<8, using: &random)
    if choice < 4 {
      let changed = ParserFuzzer.mutated(bytes, limit: limit)
      return choice == 0 ? changed : mended(changed)
    }
    var archive = ZipMutation(bytes)
    guard !archive.files.isEmpty else { return ParserFuzzer.mutated(bytes, limit: limit) }
    let index = Int.random(in: archive.files.indices, using: &random)
    if choice < 7 {
      archive.files[index].contents = NumPyMutation.mutated(
        archive.files[index].contents, limit: 2 * limit, &random)
      archive.files[index].isDeflated = Bool.random(using: &random)
    } else {
      archive.changeList(index, &random)
    }
    return archive.bytes
  }

  private mutating func changeList(_ index: Int, _ random: inout MutationRandom) {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: files.remove(at: index)
    case 1: files[index].name = ParserFuzzer.mutated(files[index].name, limit: 64)
    case 2:
      var copy = files[index]
      copy.name = Array("x".utf8) + copy.name
      files.append(copy)
    default: files.swapAt(index, Int.random(in: files.indices, using: &random))
    }
  }

  private init(_ bytes: [UInt8]) {
    files = Self.entries(bytes).compactMap { entry in
      let packed = Array(bytes[entry.packed])
      let contents = entry.isDeflated ? Packing.bare.unpacked(packed) : packed
      return contents.map { File(name: entry.name, contents: $0, isDeflated: entry.isDeflated) }
    }
  }

  private var bytes: [UInt8] {
    var (body, directory): ([UInt8], [UInt8]) = ([], [])
    for file in files {
      let packed = file.isDeflated ? Packing.bare.packed(file.contents, level: 1) : file.contents
      let common =
        Self.words([20, 0, file.isDeflated ? 8 : 0, 0, 33], 2)
        + Self.words([Int(checkSum(file.contents)), packed.count, file.contents.count], 4)
        + Self.words([file.name.count, 0], 2)
      directory += Self.words([0x0201_4B50], 4) + Self.words([20], 2) + common
      directory += Self.words([0, 0, 0], 2) + Self.words([0, body.count], 4) + file.name
      body += Self.words([0x0403_4B50], 4) + common + file.name + packed
    }
    let end =
      Self.words([0x0605_4B50], 4) + Self.words([0, 0, files.count, files.count], 2)
      + Self.words([directory.count, body.count], 4) + Self.words([0], 2)
    return body + directory + end
  }

  /// An archive whose check sums, and sizes of what is deflated, are those of what is there.
  private static func mended(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    for entry in entries(bytes) {
      let packed = Array(bytes[entry.packed])
      guard let contents = entry.isDeflated ? Packing.bare.unpacked(packed) : packed else { continue }
      let (sum, size) = (words([Int(checkSum(contents))], 4), words([contents.count], 4))
      for header in [entry.place + 16, entry.local + 14] {
        result.replaceSubrange(header..<(header + 4), with: sum)
        result.replaceSubrange((header + 8)..<(header + 12), with: size)
      }
    }
    return result
  }

  /// What a directory at the end lists, as far as it lies in the archive.
  private static func entries(_ bytes: [UInt8]) -> [Entry] {
    func word(_ place: Int, _ size: Int) -> Int {
      guard place >= 0, place <= bytes.count - size else { return -1 }
      return (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }
    guard
      let end = stride(from: bytes.count - 22, through: max(0, bytes.count - 300), by: -1)
        .first(where: { word($0, 4) == 0x0605_4B50 })
    else { return [] }
    var entries: [Entry] = []
    var place = word(end + 16, 4)
    while entries.count < 64, word(place, 4) == 0x0201_4B50, place + 46 <= bytes.count {
      let (nameLength, local, size) = (word(place + 28, 2), word(place + 42, 4), word(place + 20, 4))
      let start = local + 30 + max(0, word(local + 26, 2)) + max(0, word(local + 28, 2))
      let name = place + 46
      guard name + nameLength <= bytes.count else { break }
      if start <= bytes.count, size <= bytes.count - start {
        entries.append(
          Entry(
            place: place, local: local, packed: start..<(start + size), isDeflated: word(place + 10, 2) == 8,
            name: Array(bytes[name..<(name + nameLength)])))
      }
      place = name + nameLength + word(place + 30, 2) + word(place + 32, 2)
    }
    return entries
  }

  private static func words(_ values: [Int], _ size: Int) -> [UInt8] {
    values.flatMap { value in (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }
}
