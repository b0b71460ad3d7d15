/// A library that multiplies matrices for a package.
public struct LinearAlgebraUse: Hashable, Sendable, Encodable {
  /// How a package comes by it.
  public enum Kind: String, Sendable, Encodable {
    /// It is a file of the package.
    case carried
    /// It is inside of another of the package's files.
    case inside
    /// A file of the package is loaded with one that lies elsewhere.
    case linked
    /// It is compiled in; nothing in the files says so, only the package's name.
    case compiledIn = "compiled in"
  }

  /// Its name, such as `OpenBLAS`.
  public var library: String
  /// Its version, as it says; nil where it says none.
  public var version: String?
  /// How the package comes by it.
  public var kind: Kind
  /// The file's name, where it is one, or is inside of one.
  public var file: String?

  /// In a few words, such as `OpenBLAS 0.3.21`.
  public var summary: String {
    let name = version.map { "\(library) \($0)" } ?? library
    return kind == .carried ? name : "\(name) (\(kind.rawValue))"
  }
}

/// Finds out which libraries multiply matrices for a package: by the names of files it carries, by the libraries its
/// files ask for, and by texts in them.
struct LinearAlgebra {
  /// Parts of file names, and what they mean; the first that fits.
  private static let libraries: [(part: String, name: String)] = [
    ("openblas", "OpenBLAS"), ("libmkl_rt", "Intel MKL"), ("libmkl_core", "Intel MKL"),
    ("mkl_intel_lp64", "Intel MKL"), ("libblis", "BLIS"), ("libarmpl", "Arm Performance Libraries"),
    ("nvpl_blas", "NVIDIA NVPL"), ("libatlas", "ATLAS"), ("libtatlas", "ATLAS"), ("libsatlas", "ATLAS"),
    ("libcublas", "cuBLAS"), ("libcblas", "the system's BLAS"), ("libblas", "the system's BLAS"),
    ("accelerate.framework", "Apple's Accelerate"), ("veclib", "Apple's Accelerate"),
  ]
  /// Files that such a library may be inside of, without a name of its own.
  private static let whales = [
    "libtorch_cpu", "libtensorflow", "_pywrap_tensorflow", "libjax", "xla_extension",
  ]
  /// With what texts libraries say their version; a version may be put in only when the program runs.
  private static let versions: [(text: String, name: String)] = [
    ("OpenBLAS 0.", "OpenBLAS"), ("oneAPI Math Kernel Library Version", "Intel MKL"),
    ("Math Kernel Library Version", "Intel MKL"), ("oneDNN v", "oneDNN"),
  ]

  /// What was found, each library once.
  private(set) var uses: [LinearAlgebraUse] = []

  init(_ package: PackageContents) {
    for file in package.files { look(in: file) }
    for file in package.files { look(atLibrariesOf: file) }
    if uses.isEmpty { uses = Self.compiledIn(package.distribution.normalizedName) }
  }

  /// TensorFlow and JAX multiply with Eigen, templates that are compiled into them.
  private static func compiledIn(_ name: String) -> [LinearAlgebraUse] {
    let isEigen = name.hasPrefix("tensorflow") || name == "jaxlib" || name == "tf-nightly"
    return isEigen ? [LinearAlgebraUse(library: "Eigen", kind: .compiledIn)] : []
  }

  private mutating func look(in file: NativeFile) {
    guard let image = file.image else { return }
    if let library = Self.library(in: file.name) {
      let version = library == "OpenBLAS" ? versions(in: file, image).first?.version : nil
      add(LinearAlgebraUse(library: library, version: version, kind: .carried, file: String(file.name)))
    } else if Self.whales.contains(where: { file.name.hasPrefix($0) }) {
      for (library, version) in versions(in: file, image) {
        add(LinearAlgebraUse(library: library, version: version, kind: .inside, file: String(file.name)))
      }
    }
  }

  private mutating func look(atLibrariesOf file: NativeFile) {
    for path in file.image?.slices.flatMap(\.libraries) ?? [] {
      // A framework's name is that of a folder.
      let file = path.contains(".framework/") ? path[...] : path.split(separator: "/").last ?? ""
      guard let name = Self.library(in: file) else { continue }
      add(LinearAlgebraUse(library: name, kind: .linked))
    }
  }

  private mutating func add(_ use: LinearAlgebraUse) {
    let isKnown = uses.contains { known in
      known.library == use.library && (use.version == nil || known.version == use.version)
    }
    if !isKnown { uses.append(use) }
  }

  private static func library(in name: some StringProtocol) -> String? {
    let name = name.lowercased()
    return libraries.first { name.contains($0.part) }?.name
  }

  /// The libraries that texts in a file speak of, with their versions.
  private func versions(in file: NativeFile, _ image: BinaryImage) -> [(library: String, version: String?)] {
    guard let source = try? ByteSource(path: file.path) else { return [] }
    let search = TextSearch(source, in: image.slices.flatMap(\.constants))
    let found = (try? search.texts(beginningWith: Self.versions.map(\.text))) ?? [:]
    return Self.versions.compactMap { text, name -> (library: String, version: String?)? in
      // oneDNN's number follows its name's last letter; the others' are words of their own.
      found[text].map { (name, Self.version(in: name == "oneDNN" ? $0.dropFirst(text.count) : $0[...])) }
    }
  }

  /// The first number with dots; nil where there is a place for one.
  private static func version(in text: Substring) -> String? {
    let words = text.split(separator: " ")
    return words.first { $0.first?.isNumber == true && $0.contains(".") }.map(String.init)
  }
}
