#if canImport(Darwin)
  import Darwin

  /// The version of macOS.
  enum MacOSVersion {
    /// The number before the first dot, such as 15.
    static var major: Int? {
      var text = [CChar](repeating: 0, count: 64)
      var size = text.count
      guard sysctlbyname("kern.osproductversion", &text, &size, nil, 0) == 0 else { return nil }
      let version = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      return version.split(separator: ".").first.flatMap { Int($0) }
    }
  }
#endif
