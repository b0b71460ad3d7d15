import ArgumentParser
import Lockstep
import LockstepCore
import LockstepData
import LockstepSpecification

/// The options that say how training images are varied, how samples are normalised, and how classes are weighted;
/// what is not given is the model file's.
struct AugmentationOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Vary images: a part of their size is cut out at random, with so many black pixels around.",
      valueName: "pixels"))
  var crop: Int?

  @Option(
    help: ArgumentHelp(
      "Vary images: mirror every other one, horizontal, vertical or both; none for none.",
      valueName: "direction"),
    transform: flipDirection)
  var flip: Augmentation.Flip?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Vary images: turn by up to so many degrees to either side.", valueName: "degrees"))
  var rotate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Vary images: make brighter or darker by up to so much, 0 to 1.", valueName: "share"))
  var brightness: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Vary images: change the contrast by up to so much, 0 to 1.", valueName: "share"))
  var contrast: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Vary images: erase a rectangle, with such a probability, 0 to 1.", valueName: "probability"))
  var erase: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Mix images: add two of a batch and their labels, in shares of a beta distribution of such a parameter.",
      valueName: "alpha"))
  var mixup: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Mix images: put a rectangle of one of the batch into another; area and labels as with --mixup.",
      valueName: "alpha"))
  var cutmix: Double?

  @Flag(help: "Vary no images, whatever the model file says.")
  var noAugment = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bring samples to mean 0 and deviation 1: measured on the training images, none, or numbers as in "
        + "0.286/0.353, with commas between channels.", valueName: "numbers"),
    transform: normalizationChoice)
  var normalize: NormalizationChoice?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much classes count in the loss: balanced, none, or a number for each with commas between.",
      valueName: "weights"),
    transform: classWeighting)
  var classWeights: ClassWeighting?

  /// Traps are for programs: what contradicts itself is said first.
  func validate() throws {
    if noAugment, let (name, _) = variations.first(where: \.isGiven) {
      throw ValidationError("\(name) and --no-augment contradict each other: leave one out")
    }
  }

  private var variations: [(name: String, isGiven: Bool)] {
    [
      ("--crop", crop != nil), ("--flip", flip != nil), ("--rotate", rotate != nil),
      ("--brightness", brightness != nil), ("--contrast", contrast != nil), ("--erase", erase != nil),
      ("--mixup", mixup != nil), ("--cutmix", cutmix != nil),
    ]
  }

  /// The options whose meaning depends on the training images, with whether they were given.
  var measuredOptions: [(name: String, isGiven: Bool)] {
    [("--normalize", normalize != nil), ("--class-weights", classWeights != nil)]
  }

  /// The settings, over those of the model file.
  func augmentation(over settings: Augmentation) -> Augmentation {
    if noAugment { return Augmentation() }
    return Augmentation(
      crop: crop ?? settings.crop, flip: flip ?? settings.flip, rotation: rotate ?? settings.rotation,
      brightness: brightness ?? settings.brightness, contrast: contrast ?? settings.contrast,
      erasing: erase ?? settings.erasing, mixup: mixup ?? settings.mixup, cutmix: cutmix ?? settings.cutmix)
  }
}

extension TrainingConfiguration {
  /// Fills in what depends on the training images: the options', else what the model file says.
  ///
  /// - Throws: ``UsageError`` if a setting does not fit them.
  mutating func prepare(
    for train: ImageDataset, _ defaults: TrainingDefaults, _ options: AugmentationOptions? = nil
  ) throws {
    normalization = try (options?.normalize ?? defaults.normalization)?.resolved(for: train)
    classWeights = (options?.classWeights ?? defaults.classWeights)?.resolved(for: train)
    if let problem = problem ?? problem(with: train) { throw UsageError(problem) }
  }
}

extension TrainingConfiguration {
  /// What is done with images and classes besides the usual, in a line; nil if nothing is.
  var preparation: String? {
    let parts = [
      augmentation.isNone ? nil : "\(augmentation)", normalization.map { "normalised by \($0)" },
      classWeights.map { weights in
        "class weights " + weights.map { NumberFormat.significant($0) }.joined(separator: " ")
      },
    ]
    let known = parts.compactMap(\.self)
    return known.isEmpty ? nil : known.joined(separator: "; ")
  }
}

private func flipDirection(_ name: String) throws -> Augmentation.Flip {
  guard let flip = Augmentation.Flip(rawValue: name) else {
    throw ValidationError("'\(name)' is no direction; there are none, horizontal, vertical and both")
  }
  return flip
}

private func numbers(_ text: some StringProtocol) -> [Double]? {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  let numbers = parts.compactMap { Double($0) }.filter(\.isFinite)
  return numbers.count == parts.count ? numbers : nil
}

private func normalizationChoice(_ text: String) throws -> NormalizationChoice {
  switch text {
  case "measured": return .measured
  case "none": return .none
  default: break
  }
  let parts = text.split(separator: "/", omittingEmptySubsequences: false)
  guard parts.count == 2, let mean = numbers(parts[0]), let deviation = numbers(parts[1]) else {
    throw ValidationError(
      "--normalize takes measured, none, or means/deviations such as 0.286/0.353, not '\(text)'")
  }
  let normalization = Normalization(mean: mean, standardDeviation: deviation)
  if let problem = normalization.problem { throw ValidationError(problem) }
  return .given(normalization)
}

private func classWeighting(_ text: String) throws -> ClassWeighting {
  switch text {
  case "balanced": return .balanced
  case "none": return .none
  default: break
  }
  guard let weights = numbers(text) else {
    throw ValidationError("--class-weights takes balanced, none, or numbers such as 1,2,0.5, not '\(text)'")
  }
  return .given(weights)
}
