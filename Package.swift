// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "Lockstep",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Lockstep", targets: ["Lockstep"]),
    .library(name: "LockstepConformance", targets: ["LockstepConformance"]),
    .library(name: "LockstepInterchange", targets: ["LockstepInterchange"]),
    .library(name: "LockstepSpecification", targets: ["LockstepSpecification"]),
    .executable(name: "lockstep", targets: ["LockstepMain"]),
    .executable(name: "train", targets: ["TrainMain"]),
    .executable(name: "lockstep-worker", targets: ["LockstepWorker"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Without its traits it needs no more of Foundation than FoundationEssentials.
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
  ],
  targets: [
    // C libraries of the system.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CLibPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),

    // C code of our own.
    .target(
      name: "CLockstepKernels", dependencies: ["COpenBLAS"],
      exclude: ["bodies"],  // included by the files of levels/, once for each instruction-set level
      linkerSettings: [.linkedLibrary("m")]),
    .target(name: "CLockstepPNG", dependencies: ["CLibPNG"]),
    .target(name: "CLockstepLink", dependencies: ["CLockstepKernels"]),
    .executableTarget(name: "LockstepWorker", dependencies: ["CLockstepKernels", "CLockstepLink"]),

    // The libraries, each depending only on those above it.
    .target(name: "LockstepCore", swiftSettings: strict),
    .target(
      // The worker is built wherever the library is, beside the executable.
      name: "LockstepBackends",
      dependencies: ["LockstepCore", "CLockstepKernels", "CLockstepLink", "LockstepWorker"],
      swiftSettings: strict),
    .target(name: "LockstepNN", dependencies: ["LockstepCore"], swiftSettings: strict),
    .target(
      name: "LockstepData", dependencies: ["LockstepCore", "CLockstepPNG", "CCrypto", "CZlib"],
      swiftSettings: strict),
    .target(
      name: "LockstepTraining", dependencies: ["LockstepCore", "LockstepNN", "LockstepData"],
      swiftSettings: strict),
    .target(
      name: "LockstepComparison",
      dependencies: ["LockstepCore", "LockstepBackends", "LockstepNN", "LockstepData", "LockstepTraining"],
      swiftSettings: strict),
    .target(
      name: "LockstepBenchmark",
      dependencies: [
        "LockstepCore", "LockstepBackends", "LockstepNN", "LockstepData", "LockstepTraining",
        "LockstepComparison",
      ],
      swiftSettings: strict),
    .target(
      name: "LockstepDoctor",
      dependencies: [
        "CLockstepKernels", "CLockstepLink", "LockstepCore", "LockstepBackends", "LockstepData",
        "LockstepTraining", "LockstepComparison", "LockstepBenchmark", "LockstepReports",
      ],
      swiftSettings: strict),
    .target(
      name: "LockstepReports", dependencies: ["LockstepCore", "LockstepData"], swiftSettings: strict),
    .target(
      name: "LockstepSpecification", dependencies: ["LockstepCore", "LockstepData", "LockstepNN", "CYAML"],
      swiftSettings: strict),
    .target(
      name: "Lockstep",
      dependencies: [
        "LockstepCore", "LockstepBackends", "LockstepNN", "LockstepData", "LockstepTraining",
        "LockstepComparison",
      ],
      swiftSettings: strict),
    .target(name: "LockstepConformance", dependencies: ["LockstepCore"], swiftSettings: strict),
    .target(
      name: "LockstepInterchange",
      dependencies: [
        "LockstepCore", "LockstepNN", "LockstepData", "LockstepTraining",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Generated/README.md", "Generated/onnx.proto", "Generated/tensorboard.proto"],
      swiftSettings: strict),

    // The command line: one library, two executables.
    .target(
      name: "LockstepCommands",
      dependencies: [
        "Lockstep", "LockstepBenchmark", "LockstepDoctor", "LockstepInterchange", "LockstepReports",
        "LockstepSpecification", argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(name: "LockstepMain", dependencies: ["LockstepCommands"], swiftSettings: strict),
    .executableTarget(name: "TrainMain", dependencies: ["LockstepCommands"], swiftSettings: strict),

    // Tests.
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(
      name: "LockstepCoreTests", dependencies: ["LockstepCore", "LockstepBackends"],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepBackendsTests",
      dependencies: [
        "Lockstep", "LockstepConformance", "LockstepSpecification", "CLockstepLink", "COpenBLAS",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepNNTests",
      dependencies: ["LockstepCore", "LockstepBackends", "LockstepNN", "LockstepSpecification"],
      exclude: ["Specification/bad-models.txt"],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepDataTests", dependencies: ["LockstepData", "LockstepCore"],
      resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepTrainingTests",
      dependencies: ["Lockstep", "LockstepSpecification", "CAllocationCounter"],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepComparisonTests",
      dependencies: ["Lockstep", "LockstepConformance", "LockstepSpecification"],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepBenchmarkTests", dependencies: ["LockstepBenchmark", "Lockstep"],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepDoctorTests",
      dependencies: [
        "LockstepDoctor", "LockstepBackends", "LockstepBenchmark", "LockstepData", "LockstepWorker",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepReportsTests", dependencies: ["LockstepReports", "LockstepData"],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepCommandsTests", dependencies: ["LockstepCommands", "LockstepMain", "TrainMain"],
      exclude: ["Fixtures"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
