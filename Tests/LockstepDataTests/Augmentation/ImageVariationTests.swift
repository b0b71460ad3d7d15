import LockstepCore
import Testing

@testable import LockstepData

@Suite("What is drawn for an image")
struct ImageVariationTests {
  private static func draw(_ settings: Augmentation, count: Int = 4000) -> [ImageVariation] {
    (0..<count).map { index in
      var random = RandomStream(seed: 3, purpose: .augmentation, index: UInt64(index))
      return ImageVariation(settings, height: 28, width: 20, &random)
    }
  }

  @Test("a crop begins anywhere within its padding, everywhere alike")
  func crop() {
    let drawn = Self.draw(Augmentation(crop: 2))
    for value in -2...2 {
      for count in [drawn.count { $0.firstRow == value }, drawn.count { $0.firstColumn == value }] {
        // 800 are expected, give or take 25.
        #expect((690...910).contains(count))
      }
    }
    #expect(drawn.allSatisfy { (-2...2).contains($0.firstRow) && (-2...2).contains($0.firstColumn) })
  }

  @Test("every other image is mirrored, each way by itself")
  func flip() {
    func share(_ flip: Augmentation.Flip, _ what: (ImageVariation) -> Bool) -> Double {
      Double(Self.draw(Augmentation(flip: flip)).count(where: what)) / 4000
    }
    #expect(abs(share(.horizontal, \.isMirrored) - 0.5) < 0.04)
    #expect(share(.horizontal, \.isUpsideDown) == 0)
    #expect(abs(share(.vertical, \.isUpsideDown) - 0.5) < 0.04)
    #expect(share(.vertical, \.isMirrored) == 0)
    #expect(abs(share(.both) { $0.isMirrored && $0.isUpsideDown } - 0.25) < 0.04)
  }

  @Test("angles and factors fill their ranges and stay in them")
  func ranges() {
    let drawn = Self.draw(Augmentation(rotation: 15, brightness: 0.25, contrast: 1))
    func expectRange(_ values: [Double], _ low: Double, _ high: Double) {
      #expect(values.min()! >= low && values.max()! <= high)
      #expect(values.min()! < low + (high - low) / 100 && values.max()! > high - (high - low) / 100)
    }
    expectRange(drawn.map(\.angle), -15, 15)
    expectRange(drawn.map { Double($0.brightness) }, 0.75, 1.25)
    expectRange(drawn.map { Double($0.contrast) }, 0, 2)
  }

  @Test("as many images as asked for lose a part, which lies in the image and has the area it should")
  func erasing() throws {
    let drawn = Self.draw(Augmentation(erasing: 0.3))
    let erased = drawn.compactMap(\.erased)
    #expect(abs(Double(erased.count) / 4000 - 0.3) < 0.04)
    for part in erased {
      #expect(part.top >= 0 && part.top + part.height <= 28 && part.left >= 0 && part.left + part.width <= 20)
      // Sides are rounded to whole pixels.
      let area = Double(part.height * part.width) / (28 * 20)
      #expect((0.012...0.36).contains(area))
    }
    let areas = erased.map { Double($0.height * $0.width) / (28 * 20) }
    #expect(abs(areas.reduce(0, +) / Double(areas.count) - 0.175) < 0.02)
  }

  @Test("an image too small for any part keeps all of itself")
  func tooSmall() {
    var random = RandomStream(seed: 1, purpose: .augmentation, index: 0)
    #expect(ImageVariation(Augmentation(erasing: 1), height: 1, width: 1, &random).erased == nil)
  }

  @Test("nothing is drawn where nothing is on")
  func none() {
    #expect(Set(Self.draw(Augmentation(), count: 5)) == [ImageVariation()])
  }
}
