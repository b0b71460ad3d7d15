import Testing

@testable import LockstepDoctor

@Suite("Python environments")
struct PythonReportTests {
  private static let mac = PythonHost(system: .macOS, architecture: .arm64, translator: "Rosetta 2")
  private static let linux = PythonHost(system: .linux, architecture: .x86_64, hasAVX: true)

  private static func machO(_ cpus: (UInt32, UInt32)..., libraries: [String] = [], text: String = "")
    -> [UInt8]
  {
    let thin = cpus.map { ($0, BinaryBytes.machO($0, libraries: libraries, text: text)) }
    return thin.count == 1 ? thin[0].1 : BinaryBytes.universal(thin)
  }

  /// The account's: TensorFlow 2.4 and NumPy for x86-64, on a Mac with an M1.
  private static func account(interpreter: [UInt8] = machO(BinaryBytes.machX86)) -> CraftedFolder {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: interpreter)
    folder.install(
      "numpy", "1.19.5", tag: "cp39-cp39-macosx_10_9_x86_64",
      files: [
        "numpy/core/_multiarray_umath.cpython-39-darwin.so": machO(
          BinaryBytes.machX86, libraries: ["@loader_path/../.dylibs/libopenblas.0.dylib"]),
        "numpy/.dylibs/libopenblas.0.dylib": machO(
          BinaryBytes.machX86, text: "OpenBLAS 0.3.13 DYNAMIC_ARCH\0"),
        "numpy/__init__.py": Array("x = 1".utf8),
      ])
    folder.install(
      "tensorflow", "2.4.0", tag: "cp39-cp39-macosx_10_11_x86_64",
      files: ["tensorflow/python/_pywrap_tensorflow_internal.so": machO(BinaryBytes.machX86)])
    folder.install("wheel", "0.36", tag: "py3-none-any", files: ["wheel/__init__.py": []])
    return folder
  }

  private static func finding(_ report: PythonReport, _ text: String) -> Finding? {
    report.findings.first { $0.title.contains(text) }
  }

  @Test("the account's environment is named: x86-64 packages that Rosetta translates, and TensorFlow's AVX")
  func account() throws {
    let folder = Self.account()
    let report = try PythonReport("\(folder.path)/env", on: Self.mac)
    #expect(report.kind == "virtual environment" && report.process == .x86_64)
    #expect(report.interpreter?.architectures == [.x86_64])
    #expect(
      report.packages.map(\.title) == ["numpy 1.19.5", "tensorflow 2.4.0"] && report.purePackageCount == 1)
    #expect(
      report.packages.allSatisfy { $0.verdict == .translated && $0.architectures.keys.sorted() == ["x86_64"] }
    )
    #expect(report.packages[0].linearAlgebra.map(\.summary) == ["OpenBLAS 0.3.13"])
    #expect(report.packages[1].linearAlgebra.map(\.summary) == ["Eigen (compiled in)"])
    let interpreter = try #require(Self.finding(report, "the interpreter runs translated, by Rosetta 2"))
    #expect(
      interpreter.severity == .warning && interpreter.evidence.contains { $0.contains("lockstep explain") })
    #expect(
      interpreter.remedy == [
        "arch -arm64 /usr/bin/python3 -m venv native-environment",
        "native-environment/bin/python -m pip install 'numpy>=1.21.0' 'tensorflow>=2.13.0'",
      ])
    let packages = try #require(Self.finding(report, "Rosetta 2 translates the x86_64 code of"))
    #expect(packages.title.hasSuffix("numpy 1.19.5, tensorflow 2.4.0"))
    #expect(packages.evidence.contains("tensorflow 2.4.0 was installed as cp39-cp39-macosx_10_11_x86_64"))
    #expect(packages.evidence.contains("there is no arm64 build of tensorflow 2.4.0; the first is 2.13.0"))
    let avx = try #require(Self.finding(report, "ends with SIGILL"))
    #expect(avx.severity == .problem && avx.title.hasPrefix("tensorflow 2.4.0"))
  }

  @Test("AVX is no problem where it is shown, and one where it is not", arguments: [true, false])
  func avx(hasAVX: Bool) throws {
    let folder = Self.account()
    var host = Self.mac
    host.hasAVX = hasAVX
    let report = try PythonReport("\(folder.path)/env", on: host)
    #expect((Self.finding(report, "ends with SIGILL") == nil) == hasAVX)
    #expect(report.findings.hasProblem == !hasAVX)
  }

  @Test("a universal interpreter runs natively, and can't load what is x86-64 alone")
  func universalInterpreter() throws {
    let folder = Self.account(interpreter: Self.machO(BinaryBytes.machX86, BinaryBytes.machARM))
    let report = try PythonReport("\(folder.path)/env/bin/python3", on: Self.mac)
    #expect(report.process == .arm64)
    #expect(report.packages.map(\.verdict) == [.notLoadable, .notLoadable])
    let finding = try #require(Self.finding(report, "can't load numpy 1.19.5, tensorflow 2.4.0"))
    #expect(finding.severity == .problem)
    #expect(
      finding.remedy == [
        "\(folder.path)/env/bin/python3 -m pip install --force-reinstall --no-cache-dir --only-binary :all: "
          + "'numpy>=1.21.0' 'tensorflow>=2.13.0'"
      ])
    #expect(Self.finding(report, "ends with SIGILL") == nil, "nothing of it runs as x86-64")
  }

  @Test("universal and native packages are fine, whatever the libraries that come along are")
  func universalPackages() throws {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: Self.machO(BinaryBytes.machARM))
    folder.install(
      "numpy", "1.21.6", tag: "cp39-cp39-macosx_10_9_universal2",
      files: [
        "numpy/core/_multiarray_umath.so": Self.machO(BinaryBytes.machX86, BinaryBytes.machARM),
        "numpy/.dylibs/libgfortran.3.dylib": Self.machO(BinaryBytes.machX86),
        "numpy/linalg/_umath.so": Self.machO(
          BinaryBytes.machARM,
          libraries: ["/System/Library/Frameworks/Accelerate.framework/Versions/A/Accelerate"]),
      ])
    let report = try PythonReport("\(folder.path)/env", on: Self.mac)
    #expect(report.packages.map(\.verdict) == [.native])
    #expect(report.packages[0].architectures == ["x86_64": 2, "arm64": 2])
    #expect(report.packages[0].linearAlgebra.map(\.summary) == ["Apple's Accelerate (linked)"])
    #expect(report.findings.map(\.severity) == [.good])
  }

  @Test("files for another system can't be loaded, though their architecture fits")
  func otherSystem() throws {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: BinaryBytes.elf())
    folder.install(
      "orjson", "3.0", tag: "cp39-cp39-macosx_10_9_x86_64",
      files: ["orjson/o.so": Self.machO(BinaryBytes.machX86)])
    let report = try PythonReport("\(folder.path)/env", on: Self.linux)
    #expect(report.packages.map(\.verdict) == [.notLoadable])
    #expect(report.findings.first?.severity == .problem)
  }

  @Test(
    "what an interpreter of another architecture needs is said where nothing translates, and where something does"
  )
  func foreignLinux() throws {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: BinaryBytes.elf(BinaryBytes.arm64))
    folder.install(
      "numpy", "1.26.4", tag: "cp39-cp39-manylinux2014_aarch64",
      files: ["numpy/a.so": BinaryBytes.elf(BinaryBytes.arm64)])
    let alone = try PythonReport("\(folder.path)/env", on: Self.linux)
    #expect(alone.packages.map(\.verdict) == [.foreign])
    #expect(Self.finding(alone, "the interpreter does not run here")?.severity == .problem)
    var host = Self.linux
    host.translator = "qemu-aarch64"
    let translated = try PythonReport("\(folder.path)/env", on: host)
    #expect(translated.packages.map(\.verdict) == [.translated])
    #expect(Self.finding(translated, "runs translated, by qemu-aarch64")?.severity == .warning)
    #expect(!translated.findings.hasProblem)
  }

  @Test("a tag that promises another architecture than the files have is pointed out")
  func mislabelled() throws {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: BinaryBytes.elf())
    folder.install("pkg", "1", tag: "cp39-cp39-manylinux2014_aarch64", files: ["pkg/a.so": BinaryBytes.elf()])
    let report = try PythonReport("\(folder.path)/env", on: Self.linux)
    let finding = try #require(Self.finding(report, "contradict each other"))
    #expect(
      finding.evidence == [
        "pkg 1 was installed as cp39-cp39-manylinux2014_aarch64, for arm64, and is ELF (1 × x86_64)"
      ])
  }

  @Test("a damaged library is named, with what is wrong with it")
  func damaged() throws {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: BinaryBytes.elf())
    folder.install(
      "pkg", "1", tag: "cp39-cp39-manylinux2014_x86_64",
      files: [
        "pkg/a.so": Array(BinaryBytes.elf(libraries: ["x"]).prefix(100)), "pkg/b.so": Array("text".utf8),
      ])
    let report = try PythonReport("\(folder.path)/env", on: Self.linux)
    #expect(report.packages.map(\.verdict) == [.damaged])
    let finding = try #require(report.findings.first)
    #expect(finding.severity == .problem && finding.evidence.count == 1)
    #expect(
      finding.evidence[0].hasSuffix(
        "/pkg/a.so: malformed: the program headers at 64, of 168 bytes, in a file of 100"))
  }

  @Test("without records, files belong to the packages whose names their folders have")
  func noRecord() throws {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: BinaryBytes.elf())
    folder.install(
      "My_Package", "1", tag: "cp39-cp39-linux_x86_64", hasRecord: false,
      files: [
        "my_package/a.so": BinaryBytes.elf(),
        "my_package.libs/libopenblas.so": BinaryBytes.elf(text: "OpenBLAS 0.3.7 \0"),
      ])
    folder.write(BinaryBytes.elf(), to: "env/lib/python3.9/site-packages/stray/b.so")
    let report = try PythonReport("\(folder.path)/env", on: Self.linux)
    #expect(report.packages.map(\.name) == ["My_Package", "stray"])
    #expect(report.packages.map(\.fileCount) == [2, 1])
    #expect(report.packages[0].linearAlgebra.map(\.summary) == ["OpenBLAS 0.3.7"])
    #expect(report.packages[1].version == nil && report.packages[1].tags.isEmpty)
    #expect(Self.finding(report, "no list of files was installed with My_Package 1, stray") != nil)
  }

  @Test("conda's records say name, platform and build, and libraries outside of the packages belong to them")
  func conda() throws {
    let folder = CraftedFolder()
    folder.write(BinaryBytes.machO(BinaryBytes.machX86), to: "env/bin/python3.9")
    folder.write(
      """
      {"name": "pytorch", "version": "1.7.1", "build": "py3.9_0", "subdir": "osx-64",
       "files": ["lib/python3.9/site-packages/torch/_C.so", "lib/python3.9/site-packages/torch-1.7.1.dist-info/METADATA"]}
      """, to: "env/conda-meta/pytorch-1.7.1-py3.9_0.json")
    folder.write(
      #"{"name": "mkl", "version": "2020.4", "build": "h1_0", "subdir": "osx-64", "files": ["lib/libmkl_rt.dylib"]}"#,
      to: "env/conda-meta/mkl-2020.4-h1_0.json")
    folder.write("not json", to: "env/conda-meta/broken.json")
    folder.write(Self.machO(BinaryBytes.machX86), to: "env/lib/libmkl_rt.dylib")
    folder.install(
      "torch", "1.7.1", tag: "cp39-cp39-macosx_10_9_x86_64", hasRecord: false,
      files: ["torch/_C.so": Self.machO(BinaryBytes.machX86, libraries: ["@rpath/libmkl_rt.dylib"])])
    folder.write(
      "torch/_C.so,,\ntorch-1.7.1.dist-info/METADATA,,\n",
      to: "env/lib/python3.9/site-packages/torch-1.7.1.dist-info/RECORD")
    let report = try PythonReport("\(folder.path)/env", on: Self.mac)
    #expect(report.kind == "conda environment")
    #expect(report.packages.map(\.title) == ["mkl 2020.4", "torch 1.7.1"])
    #expect(report.packages.map(\.installer) == ["conda", "conda"])
    #expect(report.packages[1].tags == ["cp39-cp39-macosx_10_9_x86_64", "osx-64 py3.9_0"])
    #expect(
      report.packages.map { $0.linearAlgebra.map(\.summary) } == [["Intel MKL"], ["Intel MKL (linked)"]])
    let remedy = try #require(Self.finding(report, "the interpreter runs translated")).remedy
    #expect(remedy == ["CONDA_SUBDIR=osx-arm64 conda create --name native-environment python mkl torch"])
  }

  @Test("links round and round end, links to nowhere are damage, hidden folders are looked into")
  func links() throws {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: BinaryBytes.elf())
    folder.install("pkg", "1", tag: "cp39-cp39-linux_x86_64", files: ["pkg/.hidden/a.so": BinaryBytes.elf()])
    folder.link("env/lib/python3.9/site-packages/pkg/again", to: "..")
    folder.link("env/lib/python3.9/site-packages/pkg/nowhere.so", to: "missing.so")
    folder.link("env/lib64", to: "lib")
    let report = try PythonReport("\(folder.path)/env", on: Self.linux)
    #expect(report.packageFolders.count == 1)
    // What is reached twice counts once; a link to nowhere is a file that can't be read.
    #expect(report.packages.map(\.fileCount) == [2])
    #expect(report.packages[0].damage.count == 1)
    #expect(report.packages[0].damage.first?.hasSuffix("pkg/nowhere.so: No such file or directory") == true)
  }

  @Test("names and versions are stripped of what a shell would take for more")
  func hostileNames() throws {
    let folder = CraftedFolder()
    folder.makeEnvironment(interpreter: BinaryBytes.elf(BinaryBytes.arm64))
    folder.write(
      "Name: evil; rm -rf ~\u{1B}[31m\nVersion: $(x)1\n",
      to: "env/lib/python3.9/site-packages/evil-1.dist-info/METADATA")
    folder.write(BinaryBytes.elf(BinaryBytes.arm64), to: "env/lib/python3.9/site-packages/evil/a.so")
    let report = try PythonReport("\(folder.path)/env", on: Self.linux)
    #expect(
      report.findings.flatMap(\.remedy).allSatisfy {
        !$0.contains(";") && !$0.contains("$") && !$0.contains("\u{1B}")
      })
  }

  @Test("a folder of packages alone is judged by what most of its files are")
  func packagesAlone() throws {
    let folder = Self.account()
    let packages = "\(folder.path)/elsewhere/site-packages"
    folder.makeFolder("elsewhere")
    folder.link("elsewhere/site-packages", to: "\(folder.path)/env/lib/python3.9/site-packages")
    #expect(try PythonReport(packages, on: Self.mac).process == .x86_64)
    let bare = CraftedFolder()
    bare.write(BinaryBytes.elf(BinaryBytes.arm64), to: "site-packages/x/a.so")
    let report = try PythonReport("\(bare.path)/site-packages", on: Self.linux)
    #expect(report.interpreter == nil && report.process == .arm64)
    #expect(Self.finding(report, "no interpreter is near") != nil)
    #expect(
      Self.finding(report, "the machine is x86_64, and does not run the arm64 code of x")?.severity
        == .problem)
  }

  @Test("what is no environment gets one line that says what would be")
  func noEnvironment() {
    let folder = CraftedFolder()
    folder.write("#!/bin/sh\nexec python\n", to: "shims/python3")
    folder.write("text", to: "file")
    folder.write(Array(BinaryBytes.elf().prefix(20)), to: "broken")
    folder.makeFolder("empty")
    for (name, message) in [
      ("missing", "can't be found"), ("shims/python3", "is a script, not an interpreter"),
      ("file", "is no program: give an environment's folder"),
      ("broken", "is no sound program: malformed: the ELF header"),
      ("empty", "is no Python environment: it has neither"),
    ] {
      let error = #expect(throws: PythonError.self) {
        try PythonReport("\(folder.path)/\(name)", on: Self.linux)
      }
      #expect(error?.description.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
    }
  }
}

@Suite("Versions")
struct VersionTests {
  @Test(
    "versions are compared by their numbers",
    arguments: [
      ("1.9.0", "1.10"), ("2.4.0", "2.13.0"), ("1.21.0rc1", "1.21.1"), ("1", "1.0.1"), ("1.7.1+cu110", "1.8"),
    ])
  func order(first: String, second: String) {
    #expect(Version(first) < Version(second) && !(Version(second) < Version(first)))
  }

  @Test("zeros at the end and local labels make no difference")
  func equality() {
    #expect(Version("1.0") == Version("1") && Version("2.13.0+cpu") == Version("2.13"))
    #expect(Version("") == Version("0"))
  }
}
