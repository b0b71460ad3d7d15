// swift-tools-version: 6.1
import PackageDescription

// Built by scripts/fuzz, with --sanitize=fuzzer and --sanitize=address.
let package = Package(
  name: "LockstepFuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Lockstep", path: "..")],
  targets: [
    .executableTarget(
      name: "ParserFuzzer",
      dependencies: [
        // Not Lockstep: it brings the worker, whose main function would be one too many beside libFuzzer's.
        .product(name: "LockstepInterchange", package: "Lockstep"),
        .product(name: "LockstepSpecification", package: "Lockstep"),
      ],
      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])
  ],
  swiftLanguageModes: [.v6]
)
