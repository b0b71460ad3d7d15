import Foundation
import LockstepData
import Testing

@Suite("Normalisation and class weights")
struct NormalizationTests {
  private static let dataset = ImageDataset(
    split: .train, images: [0, 10, 255, 30, 7, 30, 100, 50, 30, 200, 250, 30, 1, 90, 30, 60, 70, 30],
    labels: [0, 0, 0, 1, 2, 2], height: 1, width: 1, channels: 3, classNames: ["a", "b", "c", "d"])

  @Test("measured numbers are the channels' mean and deviation; one without variation has deviation 1")
  func measured() throws {
    // numpy: x = array(...).reshape(-1, 3) / 255; x.mean(0), x.std(0)
    let dataset = ImageDataset(
      split: .train, images: [0, 10, 30, 255, 7, 30, 100, 50, 30], labels: [0, 0, 0], height: 1, width: 1,
      channels: 3, classNames: ["a"])
    let found = try Normalization(measuring: dataset)
    let mean = [0.46405228758169936, 0.0875816993464052, 0.11764705882352941]
    let deviation = [0.41140143743414942, 0.076868969558113232, 1]
    for (found, wanted) in zip(found.mean, mean) { #expect(abs(found - wanted) < 1e-12) }
    for (found, wanted) in zip(found.standardDeviation, deviation) { #expect(abs(found - wanted) < 1e-12) }
    #expect(found.problem(channels: 3) == nil)
  }

  @Test("samples are normalised channel by channel")
  func apply() {
    var samples: [Float] = [0, 0.5, 1, 0.25]
    Normalization(mean: [0.5, 0.25], standardDeviation: [0.5, 2]).apply(to: &samples)
    #expect(samples == [-1, 0.125, 1, 0])
  }

  @Test("numbers that make no sense are named")
  func problems() {
    func problem(_ mean: [Double], _ deviation: [Double], channels: Int = 1) -> String? {
      Normalization(mean: mean, standardDeviation: deviation).problem(channels: channels)
    }
    #expect(
      problem([0.5], [0.5], channels: 3)
        == "the normalisation has 1 means and 1 deviations, the images have 3 channels")
    #expect(problem([0.5], [0]) == "a standard deviation must be a number above 0, not 0.0")
    #expect(problem([0.5], [-1]) == "a standard deviation must be a number above 0, not -1.0")
    // float32 has no such number: every sample would be divided by 0.
    #expect(problem([0.5], [1e-60]) == "a standard deviation must be a number above 0, not 1e-60")
    #expect(problem([.nan], [1]) == "a mean must be a number, not nan")
  }

  @Test("balanced weights are scikit-learn's, and 0 for a class without images")
  func balanced() {
    // sklearn's n / (classes * count), with the empty class counted.
    #expect(Self.dataset.classCounts == [3, 1, 2, 0])
    #expect(Self.dataset.balancedClassWeights == [0.5, 1.5, 0.75, 0])
  }

  @Test("augmentation that makes no sense is named")
  func augmentationProblems() {
    #expect(Augmentation(crop: -1).problem == "the crop's padding must be from 0 to 1000 pixels, not -1")
    #expect(Augmentation(rotation: 181).problem == "the rotation must be from 0 to 180 degrees, not 181.0")
    #expect(Augmentation(rotation: .nan).problem == "the rotation must be from 0 to 180 degrees, not nan")
    #expect(Augmentation(erasing: 1.5).problem == "erasing must be from 0 to 1, not 1.5")
    #expect(Augmentation(mixup: -0.1).problem == "mixup needs a number from 0 to 1000, not -0.1")
    #expect(
      Augmentation(crop: 4).problem(height: 4, width: 9)
        == "a crop's padding of 4 would leave nothing of images of 9x4")
    #expect(Augmentation(crop: 3).problem(height: 4, width: 9) == nil)
  }

  @Test("a setting that a record doesn't have is off")
  func decoding() throws {
    let decoded = try JSONDecoder().decode(Augmentation.self, from: Data(#"{"crop": 2}"#.utf8))
    #expect(decoded == Augmentation(crop: 2))
    #expect(
      "\(Augmentation(crop: 2, flip: .horizontal, erasing: 0.25))" == "crop 2, flip horizontal, erase 0.25")
    #expect("\(Augmentation())" == "none")
  }
}
