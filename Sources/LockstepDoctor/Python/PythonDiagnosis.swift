/// What is wrong with an environment on a machine.
struct PythonDiagnosis {
  private let report: PythonReport
  private let omissions: [String]
  private let commands: NativeInstallation

  init(_ report: PythonReport, omissions: [String] = []) {
    self.report = report
    self.omissions = omissions
    commands = NativeInstallation(report)
  }

  /// The findings, the worst first.
  var findings: [Finding] {
    let all: [Finding] =
      [interpreter, foreign, translated, avx, notLoadable, mixed, damaged, mislabelled, unread, unrecorded]
      .compactMap(\.self)
    let order: [Finding.Severity] = [.problem, .warning, .note, .good]
    return order.flatMap { severity in all.filter { $0.severity == severity } }
  }

  private var machine: PythonHost { report.machine }

  private func packages(_ verdict: PythonPackage.Verdict) -> [PythonPackage] {
    report.packages.filter { $0.verdict == verdict }
  }

  private func list(_ packages: [PythonPackage]) -> String { packages.map(\.title).joined(separator: ", ") }

  private var interpreter: Finding? {
    guard let interpreter = report.interpreter else {
      return Finding(
        .note, "no interpreter is near: the packages are judged by themselves, as \(report.process) code",
        evidence: ["looked for bin/python in the folder above lib"])
    }
    guard !interpreter.architectures.isEmpty else {
      return Finding(.problem, "the interpreter \(interpreter.file) can't be read as a program")
    }
    let built = interpreter.architectures.map(\.name).joined(separator: " and ")
    let evidence = ["\(interpreter.file) is \(built), the machine \(machine.architecture)"]
    guard report.isTranslated else {
      return Finding(
        .good, "the interpreter runs on the CPU itself, as \(report.process)", evidence: evidence)
    }
    guard let translator = machine.translator else {
      return Finding(
        .problem, "the interpreter does not run here: it is \(built), the machine \(machine.architecture)",
        evidence: evidence + ["no translator is registered with the system"], remedy: commands.environment)
    }
    return Finding(
      .warning, "the interpreter runs translated, by \(translator), and everything it loads with it",
      evidence: evidence + [
        "what that costs, and what of it is translation and what older kernels, `lockstep explain` measures here"
      ], remedy: commands.environment)
  }

  /// Where there is an interpreter, it is the one that does not run.
  private var foreign: Finding? {
    let packages = packages(.foreign)
    guard !packages.isEmpty, report.interpreter == nil else { return nil }
    return Finding(
      .problem,
      "the machine is \(machine.architecture), and does not run the \(report.process) code of \(list(packages))",
      evidence: packages.flatMap(\.installedAs) + commands.notes(packages), remedy: commands.environment)
  }

  private var translated: Finding? {
    let packages = packages(.translated)
    guard !packages.isEmpty, let translator = machine.translator else { return nil }
    let means =
      report.interpreter == nil
      ? "an interpreter that loads them is \(report.process), and runs translated, too"
      : "they were installed for the interpreter, which is \(report.process)"
    return Finding(
      .warning,
      "the machine is \(machine.architecture), and \(translator) translates the \(report.process) code of "
        + list(packages),
      evidence: [means] + packages.flatMap(\.installedAs) + commands.notes(packages),
      remedy: report.interpreter == nil ? commands.environment : [])
  }

  private var avx: Finding? {
    let packages = report.packages.filter { package in package.needs.contains { !$0.hasPrefix("x86-64-v2") } }
    guard report.process == .x86_64, !packages.isEmpty else { return nil }
    let evidence = packages.flatMap { package in package.needs.map { "\(package.title) needs \($0)" } }
    let isRosetta = machine.translator == "Rosetta 2" && report.isTranslated
    switch machine.hasAVX {
    case true?: return nil
    case false?:
      return Finding(
        .problem, "\(list(packages)) ends with SIGILL here: the CPU that it is shown has no AVX",
        evidence: evidence, remedy: commands.environment)
    case nil:
      guard report.isTranslated else { return nil }
      return Finding(
        isRosetta ? .problem : .warning,
        isRosetta
          ? "\(list(packages)) ends with SIGILL under Rosetta 2 before macOS 15, which shows no AVX"
          : "\(list(packages)) ends with SIGILL where the translator shows no AVX",
        evidence: evidence, remedy: commands.environment)
    }
  }

  private var notLoadable: Finding? {
    let packages = packages(.notLoadable)
    guard !packages.isEmpty else { return nil }
    return Finding(
      .problem, "a process of this environment, which is \(report.process), can't load \(list(packages))",
      evidence: packages.map { package in
        "\(package.title) is \(package.contents)" + (package.tags.first.map { ", installed as \($0)" } ?? "")
      }, remedy: commands.reinstall(packages))
  }

  private var mixed: Finding? {
    let packages = packages(.mixed)
    guard !packages.isEmpty else { return nil }
    return Finding(
      .note, "files of several architectures are in \(list(packages))",
      evidence: packages.map { "\($0.title): \($0.contents)" } + [
        "some packages carry helpers for other machines on purpose; where an import fails, install it again"
      ])
  }

  private var damaged: Finding? {
    let packages = packages(.damaged)
    guard !packages.isEmpty else { return nil }
    return Finding(
      .problem, "files of \(list(packages)) are damaged",
      evidence: packages.flatMap { $0.damage.prefix(5) }, remedy: commands.reinstall(packages))
  }

  /// Wheels whose tag promises an architecture that no file has.
  private var mislabelled: Finding? {
    let wrong = report.packages.compactMap { package -> (PythonPackage, Architecture)? in
      guard let promised = package.promisedArchitecture, !package.architectures.isEmpty,
        package.architectures[promised.name] == nil
      else { return nil }
      return (package, promised)
    }
    guard !wrong.isEmpty else { return nil }
    return Finding(
      .warning, "the tag and the files of \(list(wrong.map(\.0))) contradict each other",
      evidence: wrong.map { package, promised in
        "\(package.title) was installed as \(package.tags[0]), for \(promised), and is \(package.contents)"
      }, remedy: commands.reinstall(wrong.map(\.0)))
  }

  private var unread: Finding? {
    omissions.isEmpty
      ? nil : Finding(.warning, "not everything could be looked at", evidence: Array(omissions.prefix(5)))
  }

  private var unrecorded: Finding? {
    let packages = report.packages.filter { !$0.hasRecord }
    guard !packages.isEmpty else { return nil }
    return Finding(
      .note,
      "no list of files was installed with \(list(packages)): their files are told by their folders' names")
  }
}

extension PythonPackage {
  /// The tag it was installed under, in a sentence, if it is known.
  fileprivate var installedAs: [String] { tags.first.map { ["\(title) was installed as \($0)"] } ?? [] }

  /// How many files of which architectures and formats.
  var contents: String {
    let counts = architectures.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
    return "\(formats.joined(separator: " and ")) (\(counts.joined(separator: ", ")))"
  }

  /// The one architecture of a wheel's tag; nil of pure, universal and other tags.
  var promisedArchitecture: Architecture? {
    guard let platform = tags.first?.split(separator: "-").last, installer != "conda" else { return nil }
    return ["x86_64", "aarch64", "arm64"].first { platform.hasSuffix("_\($0)") }.map { Architecture($0) }
  }
}
