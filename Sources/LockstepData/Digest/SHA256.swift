internal import LockstepCore
import CCrypto

/// An incremental SHA-256, by OpenSSL's libcrypto (which uses the CPU's SHA instructions).
///
/// ```swift
/// var hash = SHA256()
/// hash.update("abc".utf8)
/// print(hash.finalize())  // ba7816bf…
/// ```
public struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// Creates the hash of nothing yet.
  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      fatalError("libcrypto has no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Appends raw bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    let status = EVP_DigestUpdate(context, start, bytes.count)
    trap(unless: status == 1, "libcrypto refused \(bytes.count) bytes")
  }

  /// Appends bytes.
  public mutating func update(_ bytes: some Sequence<UInt8>) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
    if done == nil {
      Array(bytes).withUnsafeBytes { update($0) }
    }
  }

  /// Appends a whole number as its bytes, least significant first on every machine.
  public mutating func update<Value: FixedWidthInteger>(littleEndian value: Value) {
    withUnsafeBytes(of: value.littleEndian) { update($0) }
  }

  /// Ends the hash and gives its value.
  public consuming func finalize() -> SHA256Digest {
    let bytes = [UInt8](unsafeUninitializedCapacity: SHA256Digest.byteCount) { buffer, count in
      let status = EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
      trap(unless: status == 1, "libcrypto did not finish the digest")
      count = SHA256Digest.byteCount
    }
    return SHA256Digest(bytes: bytes)
  }
}

/// The 32 bytes of a SHA-256; prints as 64 hexadecimal digits.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  static let byteCount = 32

  /// The 32 bytes.
  public let bytes: [UInt8]

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The digest of some bytes.
  public init(of bytes: some Sequence<UInt8>) {
    var hash = SHA256()
    hash.update(bytes)
    self = hash.finalize()
  }

  /// 64 lower-case hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
