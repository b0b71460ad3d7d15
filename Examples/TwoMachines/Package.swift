// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "TwoMachines",
  platforms: [.macOS(.v15)],
  // In a package of your own: .package(url: "…/lockstep", from: "0.1.0")
  dependencies: [.package(name: "Lockstep", path: "../..")],
  targets: [
    .executableTarget(
      name: "TwoMachines",
      dependencies: [
        .product(name: "Lockstep", package: "Lockstep")
      ],
      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])
  ],
  swiftLanguageModes: [.v6]
)
