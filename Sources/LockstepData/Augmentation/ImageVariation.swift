internal import LockstepCore

/// What happens to one image in one epoch: all that is drawn at random for it.
struct ImageVariation: Hashable {
  /// A part of an image.
  struct Rectangle: Hashable {
    var top: Int
    var left: Int
    var height: Int
    var width: Int
  }

  /// The row of the image that becomes the first one; outside of the image it is black.
  var firstRow = 0
  /// The column that becomes the first one.
  var firstColumn = 0
  /// Whether left and right are exchanged.
  var isMirrored = false
  /// Whether top and bottom are exchanged.
  var isUpsideDown = false
  /// The angle it is turned by, counterclockwise, in degrees.
  var angle = 0.0
  /// What samples are multiplied by.
  var brightness: Float = 1
  /// What the samples' distance from the image's mean is multiplied by.
  var contrast: Float = 1
  /// What is set to zero.
  var erased: Rectangle?

  /// Changes nothing.
  init() {}

  /// Draws, in the order of the settings, numbers for those that are on.
  init(_ settings: Augmentation, height: Int, width: Int, _ random: inout RandomStream) {
    if settings.crop > 0 {
      firstRow = random.next(below: 2 * settings.crop + 1) - settings.crop
      firstColumn = random.next(below: 2 * settings.crop + 1) - settings.crop
    }
    if settings.flip == .horizontal || settings.flip == .both { isMirrored = random.next() & 1 == 1 }
    if settings.flip == .vertical || settings.flip == .both { isUpsideDown = random.next() & 1 == 1 }
    if settings.rotation > 0 { angle = random.uniform(-settings.rotation, settings.rotation) }
    if settings.brightness > 0 { brightness = random.factor(settings.brightness) }
    if settings.contrast > 0 { contrast = random.factor(settings.contrast) }
    if settings.erasing > 0, random.openUniform() < settings.erasing {
      erased = Rectangle(erasing: height, width, &random)
    }
  }
}

extension ImageVariation.Rectangle {
  /// The share of an image that random erasing takes.
  private static let erasedArea = (0.02, 0.33)
  /// The logarithms of the least and the largest height per width, 0.3 and 3.3.
  private static let logarithmOfRatio = (-1.2039728043259361, 1.1939224684724346)
  /// How often a rectangle is drawn that doesn't fit, before there is none.
  private static let attempts = 10

  /// Draws what is erased of an image, as torchvision's `RandomErasing.get_params`; nil where nothing fitted.
  fileprivate init?(erasing imageHeight: Int, _ imageWidth: Int, _ random: inout RandomStream) {
    for _ in 0..<Self.attempts {
      let area =
        Double(imageHeight * imageWidth) * random.uniform(Self.erasedArea.0, Self.erasedArea.1)
      let ratio = PortableFunctions.exponential(
        random.uniform(Self.logarithmOfRatio.0, Self.logarithmOfRatio.1))
      let height = Int((area * ratio).squareRoot().rounded(.toNearestOrEven))
      let width = Int((area / ratio).squareRoot().rounded(.toNearestOrEven))
      guard 1..<imageHeight ~= height, 1..<imageWidth ~= width else { continue }
      self.init(
        top: random.next(below: imageHeight - height + 1), left: random.next(below: imageWidth - width + 1),
        height: height, width: width)
      return
    }
    return nil
  }
}

extension RandomStream {
  /// A number between two.
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * openUniform() }

  /// What a sample is multiplied by: 1 plus or minus up to so much.
  fileprivate mutating func factor(_ strength: Double) -> Float {
    Float(uniform(max(0, 1 - strength), 1 + strength))
  }
}
