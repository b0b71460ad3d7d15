/// How training images are varied, so that a model sees none twice: every epoch anew, a pure function of
/// (seed, epoch, image). Images to measure on are never varied.
///
/// The changes are made in the order of the properties. Names and meanings are torchvision's; where an image
/// is moved or turned, what comes in from outside is black.
public struct Augmentation: Hashable, Sendable {
  /// Whether images are mirrored, each with probability 1/2.
  public enum Flip: String, Codable, Sendable, CaseIterable {
    /// Images stay as they are.
    case none
    /// Left and right are swapped.
    case horizontal
    /// Top and bottom are swapped.
    case vertical
    /// Each of the two by itself.
    case both
  }

  /// Black pixels put around an image, of which a part of the image's own size is cut out at random:
  /// `RandomCrop(size, padding)`.
  public var crop: Int
  /// Mirroring: `RandomHorizontalFlip`, `RandomVerticalFlip`.
  public var flip: Flip
  /// The largest angle an image is turned by around its centre, in degrees, to either side; bilinear:
  /// `RandomRotation`.
  public var rotation: Double
  /// The samples are multiplied by 1 plus or minus up to so much: `ColorJitter(brightness)`.
  public var brightness: Double
  /// The distance of samples from the image's mean is multiplied so: `ColorJitter(contrast)`.
  public var contrast: Double
  /// The probability that a rectangle of 2 to 33 % of the image is set to zero, after the normalisation:
  /// `RandomErasing`. Source: Zhong et al., AAAI 2020.
  public var erasing: Double
  /// The parameter of the beta distribution of the shares in which two images of a batch are added, with their
  /// labels; 0 for never. Source: Zhang et al., "mixup", ICLR 2018.
  public var mixup: Double
  /// The same of the area of a rectangle that is put in from another image; 0 for never. With mixup, every batch
  /// gets one of the two. Source: Yun et al., "CutMix", ICCV 2019.
  public var cutmix: Double

  /// Creates settings; without any, images stay as they are.
  public init(
    crop: Int = 0, flip: Flip = .none, rotation: Double = 0, brightness: Double = 0, contrast: Double = 0,
    erasing: Double = 0, mixup: Double = 0, cutmix: Double = 0
  ) {
    self.crop = crop
    self.flip = flip
    self.rotation = rotation
    self.brightness = brightness
    self.contrast = contrast
    self.erasing = erasing
    self.mixup = mixup
    self.cutmix = cutmix
  }

  /// Whether images stay as they are.
  public var isNone: Bool { self == Augmentation() }

  /// Whether images of a batch are mixed, so that a training has two labels for each.
  public var mixesImages: Bool { mixup > 0 || cutmix > 0 }

  /// The first setting that makes no sense, in one line; nil if all do.
  public var problem: String? {
    if !(0...1000).contains(crop) { return "the crop's padding must be from 0 to 1000 pixels, not \(crop)" }
    if !(0...180).contains(rotation) { return "the rotation must be from 0 to 180 degrees, not \(rotation)" }
    for (name, value) in [("brightness", brightness), ("contrast", contrast), ("erasing", erasing)]
    where !(0...1).contains(value) {
      return "\(name) must be from 0 to 1, not \(value)"
    }
    for (name, value) in [("mixup", mixup), ("cutmix", cutmix)] where !(0...1000).contains(value) {
      return "\(name) needs a number from 0 to 1000, not \(value)"
    }
    return nil
  }

  /// Why images of a size can't be varied so, in one line; nil if they can.
  public func problem(height: Int, width: Int) -> String? {
    guard crop >= min(height, width) else { return problem }
    return "a crop's padding of \(crop) would leave nothing of images of \(width)x\(height)"
  }
}

extension Augmentation: CustomStringConvertible {
  /// What is done, such as `crop 2, flip horizontal`; `none` if nothing is.
  public var description: String {
    var parts: [String] = []
    if crop > 0 { parts.append("crop \(crop)") }
    if flip != .none { parts.append("flip \(flip.rawValue)") }
    let numbers = [
      ("rotate", rotation), ("brightness", brightness), ("contrast", contrast), ("erase", erasing),
      ("mixup", mixup), ("cutmix", cutmix),
    ]
    parts += numbers.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }
}

extension Augmentation: Codable {
  private enum CodingKeys: CodingKey {
    case crop, flip, rotation, brightness, contrast, erasing, mixup, cutmix
  }

  /// Reads settings; one that isn't there is off.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      crop: try values.decodeIfPresent(Int.self, forKey: .crop) ?? 0,
      flip: try values.decodeIfPresent(Flip.self, forKey: .flip) ?? .none,
      rotation: try values.decodeIfPresent(Double.self, forKey: .rotation) ?? 0,
      brightness: try values.decodeIfPresent(Double.self, forKey: .brightness) ?? 0,
      contrast: try values.decodeIfPresent(Double.self, forKey: .contrast) ?? 0,
      erasing: try values.decodeIfPresent(Double.self, forKey: .erasing) ?? 0,
      mixup: try values.decodeIfPresent(Double.self, forKey: .mixup) ?? 0,
      cutmix: try values.decodeIfPresent(Double.self, forKey: .cutmix) ?? 0)
  }
}
