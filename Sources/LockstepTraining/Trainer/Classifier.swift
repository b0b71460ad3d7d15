public import LockstepCore
public import LockstepData
public import LockstepNN

/// A trained model with what it takes to ask it about images: their size and the names of the classes.
///
/// ```swift
/// let classifier = Classifier(model, of: digits)
/// print(try classifier.predict(file: "seven.png"))   // 7 (99.8 %)
/// ```
public struct Classifier {
  /// The model; built, with its weights.
  public let model: any Layer
  /// The classes, in the order of the model's results.
  public let classNames: [String]
  /// The images' size.
  public let size: ImageSize
  /// The images' channels.
  public let channels: PNGImage.Channels
  /// Whether images of another size are brought to ``size``, bilinearly; otherwise they are refused.
  public var resizes = false
  /// How samples are normalised: as in the training, ``TrainingConfiguration/normalization``.
  public var normalization: Normalization?
  /// How the model's layers are computed.
  public var options = ExecutionOptions()
  /// Where the model's weights are.
  public let device: Device

  /// Creates a classifier.
  public init(
    _ model: any Layer, classNames: [String], size: ImageSize, channels: PNGImage.Channels,
    on device: Device = .default
  ) {
    self.model = model
    self.classNames = classNames
    self.size = size
    self.channels = channels
    self.device = device
  }

  /// Creates a classifier for images like those a model was trained on.
  public init(_ model: any Layer, of data: ImageFolder, on device: Device = .default) {
    let images = data.train
    guard let channels = PNGImage.Channels(rawValue: images.channels) else {
      trap("images of \(images.channels) channels can't be PNG")
    }
    self.init(
      model, classNames: images.classNames, size: ImageSize(width: images.width, height: images.height),
      channels: channels, on: device)
  }

  /// What is in a PNG file.
  ///
  /// - Throws: ``PredictionError`` naming the file if it can't be used, ``/LockstepCore/BackendError`` from the device.
  public func predict(file path: String) throws -> Prediction { try predict([image(file: path)])[0] }

  /// What is in an image.
  ///
  /// - Throws: ``PredictionError`` if it does not fit the model, ``/LockstepCore/BackendError`` from the device.
  public func predict(_ image: PNGImage) throws -> Prediction { try predict([fitted(image)])[0] }

  /// What is in images of the model's size and channels; many at once are faster than one by one.
  ///
  /// - Throws: ``/LockstepCore/BackendError`` from the device.
  public func predict(_ images: [FittedImage]) throws(BackendError) -> [Prediction] {
    var predictions: [Prediction] = []
    var rest = images[...]
    let batchSize = evaluationBatchSize(imageSize: size.height * size.width * channels.rawValue)
    while !rest.isEmpty {
      predictions += try predict(batch: rest.prefix(batchSize))
      rest = rest.dropFirst(batchSize)
    }
    return predictions
  }

  private func predict(batch: ArraySlice<FittedImage>) throws(BackendError) -> [Prediction] {
    var samples = batch.flatMap { $0.image.pixels.map { Float($0) / 255 } }
    normalization?.apply(to: &samples)
    let shape: Shape = [batch.count, size.height, size.width, channels.rawValue]
    let probabilities = try predictProbabilities(
      model, Tensor(samples, shape: shape, on: device), options: options)
    return probabilities.map { Prediction(classNames, $0) }
  }
}

extension Classifier {
  /// An image that has the size and the channels a model takes.
  public struct FittedImage: Sendable {
    /// The image.
    public let image: PNGImage
  }

  /// Reads an image for the model.
  ///
  /// - Throws: ``PredictionError`` naming the file.
  public func image(file path: String) throws(PredictionError) -> FittedImage {
    let image: PNGImage
    do {
      image = try PNGDecoder().decode(contentsOf: path, channels: channels)
    } catch {
      throw PredictionError("\(path): \(error)")
    }
    do {
      return try fitted(image)
    } catch {
      throw PredictionError("\(path) \(error)", isAboutSize: error.isAboutSize)
    }
  }

  /// Brings an image to the model's size, or refuses it.
  ///
  /// - Throws: ``PredictionError`` with both sizes.
  public func fitted(_ image: PNGImage) throws(PredictionError) -> FittedImage {
    let found = ImageSize(width: image.width, height: image.height)
    guard image.channels == channels else {
      throw PredictionError("has \(image.channels.rawValue) channels, the model takes \(channels.rawValue)")
    }
    if found == size { return FittedImage(image: image) }
    guard resizes else {
      throw PredictionError("is \(found), the model takes \(size)", isAboutSize: true)
    }
    return FittedImage(image: image.resized(to: size))
  }
}

/// Why a model can't be asked about an image.
public struct PredictionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, if there is one, and what is wrong.
  public let description: String
  /// Whether the image has another size than the model takes, and nothing else is wrong.
  public let isAboutSize: Bool

  init(_ description: String, isAboutSize: Bool = false) {
    self.description = description
    self.isAboutSize = isAboutSize
  }
}
