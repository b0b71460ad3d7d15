import Foundation
import Testing

@testable import LockstepData

@Suite("Augmentation, against PyTorch")
struct AugmentationGoldenTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let kind: String
    let height, width, channels: Int
    let image: [UInt8]
    let row, column: Int?
    let angle, brightness, contrast: Double?
    let mean, deviation: [Double]?
    let result: [Float]

    var testDescription: String { "\(kind) \(height)x\(width)x\(channels)" }

    var variation: ImageVariation {
      var result = ImageVariation()
      result.firstRow = row ?? 0
      result.firstColumn = column ?? 0
      result.isMirrored = kind == "mirror"
      result.isUpsideDown = kind == "upside down"
      result.angle = angle ?? 0
      result.brightness = Float(brightness ?? 1)
      result.contrast = Float(contrast ?? 1)
      if kind == "erase" { result.erased = .init(top: 1, left: 2, height: 2, width: 2) }
      return result
    }

    var normalization: Normalization? {
      mean.map { Normalization(mean: $0, standardDeviation: deviation!) }
    }
  }

  private struct Golden: Decodable { let images: [Case] }

  private static let cases: [Case] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Goldens/augmentation.json")
    return try! JSONDecoder().decode(Golden.self, from: Data(contentsOf: file)).images
  }()

  @Test("an image becomes what torchvision's definition makes of it", arguments: cases)
  func image(_ golden: Case) {
    var found = [Float](repeating: .nan, count: golden.image.count)
    let varier = ImageVarier(
      height: golden.height, width: golden.width, channels: golden.channels,
      normalization: golden.normalization)
    golden.image.withUnsafeBufferPointer { image in
      found.withUnsafeMutableBufferPointer { varier.vary(image, golden.variation, into: $0) }
    }
    // Moves and normalisation are exact; PyTorch turns in double precision, at places near 10.
    let tolerance: Float = golden.kind == "rotate" ? 4e-6 : golden.kind == "jitter" ? 2e-7 : 0
    for (found, wanted) in zip(found, golden.result) {
      #expect(abs(found - wanted) <= tolerance, "\(found) for \(wanted)")
    }
  }
}
