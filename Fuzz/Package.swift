// swift-tools-version: 6.1
import PackageDescription

// Built by scripts/fuzz, with --sanitize=fuzzer and --sanitize=address.
let package = Package(
  name: "LockstepFuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Lockstep", path: "..")],
  targets: [
    .target(name: "CFuzzing", linkerSettings: [.linkedLibrary("z")]),
    .executableTarget(
      name: "ParserFuzzer",
      dependencies: [
        "CFuzzing",
        // Not Lockstep: it brings the worker, whose main function would be one too many beside libFuzzer's.
        .product(name: "LockstepInterchange", package: "Lockstep"),
        .product(name: "LockstepSpecification", package: "Lockstep"),
      ],
      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")]),
  ],
  swiftLanguageModes: [.v6]
)
