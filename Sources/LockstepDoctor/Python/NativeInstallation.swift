/// The commands that install packages whose code is the machine's own.
struct NativeInstallation {
  /// The first versions with builds for ARM64 on PyPI, by looking there; NumPy's release notes.
  private static let firstARM64: [String: (macOS: String, linux: String)] = [
    "numpy": ("1.21.0", "1.19.0"), "tensorflow": ("2.13.0", "2.10.0"), "torch": ("1.9.0", "1.8.0"),
  ]
  /// More are not named one by one.
  private static let mostNames = 12

  private let report: PythonReport

  init(_ report: PythonReport) { self.report = report }

  /// Makes an environment beside this one.
  var environment: [String] {
    let native = report.packages.filter { $0.verdict != .native }
    if report.kind == PythonEnvironment.Kind.conda.rawValue { return conda(native) }
    return [
      "\(interpreter) -m venv native-environment",
      "native-environment/bin/python -m pip install \(requirements(native))",
    ]
  }

  private var interpreter: String {
    guard report.machine.system == .macOS, report.machine.architecture == .arm64 else { return "python3" }
    // The system's own is universal; started from a translated shell it would be translated, too.
    return "arch -arm64 /usr/bin/python3"
  }

  private func conda(_ packages: [PythonPackage]) -> [String] {
    let system = report.machine.system == .macOS ? "osx" : "linux"
    let platform =
      switch report.machine.architecture {
      case .x86_64: "64"
      case .arm64: report.machine.system == .macOS ? "arm64" : "aarch64"
      default: report.machine.architecture.name
      }
    return [
      "CONDA_SUBDIR=\(system)-\(platform) conda create --name native-environment python "
        + packages.prefix(Self.mostNames).map(\.name).joined(separator: " ")
    ]
  }

  /// Installs packages again, by the environment's own interpreter.
  func reinstall(_ packages: [PythonPackage]) -> [String] {
    guard let interpreter = report.interpreter else { return environment }
    let path = interpreter.path.contains(" ") ? "'\(interpreter.path)'" : interpreter.path
    return [
      "\(path) -m pip install --force-reinstall --no-cache-dir --only-binary :all: \(requirements(packages))"
    ]
  }

  /// What there is to know about builds that don't exist.
  func notes(_ packages: [PythonPackage]) -> [String] {
    packages.compactMap { package in
      guard let first = first(package), let version = package.version, Version(version) < Version(first)
      else {
        return nil
      }
      return "there is no \(report.machine.architecture) build of \(package.title); the first is \(first)"
    }
  }

  private func requirements(_ packages: [PythonPackage]) -> String {
    let words = packages.prefix(Self.mostNames).map { package in
      guard let version = package.version else { return package.name }
      if let first = first(package), Version(version) < Version(first) {
        return "'\(package.name)>=\(first)'"
      }
      return "\(package.name)==\(version)"
    }
    return (words + (packages.count > Self.mostNames ? ["…"] : [])).joined(separator: " ")
  }

  private func first(_ package: PythonPackage) -> String? {
    guard report.machine.architecture == .arm64,
      let first = Self.firstARM64[InstalledDistribution.normalized(package.name)]
    else { return nil }
    return report.machine.system == .macOS ? first.macOS : first.linux
  }
}
