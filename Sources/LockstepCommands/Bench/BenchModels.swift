import Lockstep
import LockstepBenchmark
import LockstepData
import LockstepSpecification

/// The models whose training is measured.
enum BenchModels {
  /// The classes of the images that are made.
  private static let classCount = 10
  /// Measured without being named, those that come with Lockstep.
  private static let standard = ["models/w1.yaml", "models/digits-cnn.yaml", "models/resnet8.yaml"]
  private static let imageLimit = 1 << 14

  static func workloads(_ options: BenchOptions) throws -> [TrainingWorkload] {
    if let model = options.model { return [try workload(model, image: options.image)] }
    if options.image != nil { throw UsageError("--image goes with --model") }
    return try standard.map { try workload(Program.shipped($0, option: "--model"), image: nil) }
  }

  private static func workload(_ file: String, image: String?) throws -> TrainingWorkload {
    let specification = try ModelSpecification(contentsOf: file)
    guard let shape = try image.map(shape) ?? specification.input else {
      throw UsageError("\(file) does not say the size of its images; --image 28x28x1 would")
    }
    guard shape.rank == 3 else {
      throw UsageError("\(file) is for examples \(shape); images have height, width and channels")
    }
    // What doesn't fit is known before anything is measured.
    _ = try specification.makeModel(classes: classCount, input: shape)
    var configuration = specification.training.configuration
    // What is measured is the training; its images are made up.
    configuration.augmentation = Augmentation()
    return TrainingWorkload(
      name: specification.name, image: shape, classCount: classCount,
      configuration: configuration,
      makeModel: { try specification.makeModel(classes: classCount, input: shape) })
  }

  private static func shape(_ text: String) throws -> Shape {
    let sizes = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let sound = sizes.compactMap(\.self).filter { (1...imageLimit).contains($0) }
    guard sizes.count == 3, sound.count == 3 else {
      throw UsageError("--image takes height, width and channels such as 32x32x3, not '\(text)'")
    }
    return Shape(sound)
  }
}
