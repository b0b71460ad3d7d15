import Lockstep
import Testing

@Suite("classifiers")
struct ClassifierTests {
  /// A model whose logits are the four pixels of an image of 2×2, so that the softmax can be had by hand.
  private static func pixels(on device: Device) throws -> Sequential {
    let model = Sequential {
      Flatten()
      Dense(4, bias: false)
    }
    try model.build(input: [2, 2, 1])
    model.initialize(seed: 0, on: device)
    let identity: [Float] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    model.state[0].parameter.value = Tensor(identity, shape: [4, 4], on: device)
    return model
  }

  private func classifier() throws -> Classifier {
    let device = referenceDevice()
    return Classifier(
      try Self.pixels(on: device), classNames: ["a", "b", "c", "d"], size: ImageSize(width: 2, height: 2),
      channels: .gray, on: device)
  }

  private func gray(_ pixels: [UInt8], width: Int = 2) -> PNGImage {
    PNGImage(width: width, height: pixels.count / width, channels: .gray, pixels: pixels)
  }

  @Test("classes come with their softmax, the likeliest first, equal ones in the model's order")
  func ranking() throws {
    let prediction = try classifier().predict(gray([0, 255, 0, 51]))
    #expect(prediction.classes.map(\.name) == ["b", "d", "a", "c"])
    // exp of 1, 0.2, 0, 0 over their sum, by bc.
    for (found, expected) in zip(
      prediction.classes.map(\.probability), [0.457646, 0.205636, 0.168359, 0.168359])
    {
      #expect(abs(Double(found) - expected) < 1e-5)
    }
    #expect("\(prediction)" == "b (45.8 %)")
  }

  @Test("many images are predicted as each one is")
  func many() throws {
    let classifier = try classifier()
    let images = (0..<300).map { gray([UInt8($0 % 256), 90, 40, UInt8($0 * 7 % 256)]) }
    let together = try classifier.predict(images.map { try classifier.fitted($0) })
    #expect(together.count == images.count)
    for index in [0, 1, 255, 256, 299] {
      #expect(together[index] == (try classifier.predict(images[index])))
    }
  }

  @Test("an image of another size is refused with both sizes, or resized where that was asked for")
  func size() throws {
    var classifier = try classifier()
    let image = gray([0, 255, 0, 0, 0, 0, 0, 0], width: 4)
    #expect(throws: PredictionError.self) { try classifier.predict(image) }
    do {
      _ = try classifier.predict(image)
    } catch {
      #expect("\(error)" == "is 4x2, the model takes 2x2")
    }
    classifier.resizes = true
    #expect(try classifier.predict(image).name == "a")
  }

  @Test("an image of other channels is refused")
  func channels() throws {
    let image = PNGImage(width: 2, height: 2, channels: .rgb, pixels: Array(repeating: 0, count: 12))
    let error = try #require(throws: PredictionError.self) { try classifier().predict(image) }
    #expect("\(error)" == "has 3 channels, the model takes 1")
  }

  @Test("a file that is no image is named")
  func noImage() throws {
    let error = try #require(throws: PredictionError.self) {
      try classifier().predict(file: "/none/such.png")
    }
    #expect("\(error)" == "/none/such.png: unreadable file: No such file or directory")
  }
}
