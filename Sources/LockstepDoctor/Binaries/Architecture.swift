/// A processor architecture, as machine code is compiled for it.
public struct Architecture: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The name: `x86_64`, `arm64`; another architecture's as Linux has it, or the number in the file.
  public let name: String

  /// 64-bit x86.
  public static let x86_64 = Architecture("x86_64")
  /// 64-bit ARM, which Linux calls aarch64.
  public static let arm64 = Architecture("arm64")

  /// The architecture of a name, by whichever of its names.
  public init(_ name: String) {
    switch name.lowercased() {
    case "x86_64", "x86-64", "amd64", "x64": self.name = "x86_64"
    case "arm64", "aarch64", "arm64e": self.name = "arm64"
    default: self.name = name
    }
  }

  /// The one this program was compiled for.
  public static var ofThisProgram: Architecture {
    #if arch(x86_64)
      .x86_64
    #elseif arch(arm64)
      .arm64
    #else
      Architecture("unknown")
    #endif
  }

  /// The name.
  public var description: String { name }

  /// Reads the name.
  public init(from decoder: any Decoder) throws { self.init(try String(from: decoder)) }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws { try name.encode(to: encoder) }
}
