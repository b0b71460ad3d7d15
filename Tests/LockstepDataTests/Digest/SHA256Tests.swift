import LockstepData
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  // FIPS 180-4's examples.
  @Test(
    "agrees with NIST's vectors",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func vectors(message: String, expected: String) {
    var hash = SHA256()
    hash.update(message.utf8)
    let digest = hash.finalize()
    #expect(digest.description == expected)
  }

  @Test("agrees with NIST's vector of a million bytes")
  func longVector() {
    let digest = SHA256Digest(of: repeatElement(UInt8(ascii: "a"), count: 1_000_000))
    #expect(digest.description == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("does not depend on how the bytes are cut", arguments: [1, 3, 63, 64, 65])
  func incremental(piece: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var pieces = SHA256()
    for start in stride(from: 0, to: bytes.count, by: piece) {
      pieces.update(bytes[start..<min(start + piece, bytes.count)])
    }
    let digest = pieces.finalize()
    #expect(digest == SHA256Digest(of: bytes))
  }

  @Test("takes bytes without contiguous storage")
  func lazySequence() {
    var hash = SHA256()
    hash.update((0..<10).lazy.map { UInt8($0) })
    let digest = hash.finalize()
    #expect(digest == SHA256Digest(of: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
  }

  @Test("takes numbers least significant byte first")
  func littleEndian() {
    var hash = SHA256()
    hash.update(littleEndian: UInt32(0x0403_0201))
    let digest = hash.finalize()
    #expect(digest == SHA256Digest(of: [1, 2, 3, 4]))
  }
}
