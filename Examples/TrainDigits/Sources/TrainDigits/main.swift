import Lockstep

/// A small convolutional net for images of digits.
func makeModel(classes: Int) -> Sequential {
  Sequential {
    Conv2D(16, kernel: 3, padding: .same, activation: .relu)
    MaxPool2D(2)
    Conv2D(32, kernel: 3, padding: .same, activation: .relu)
    Flatten()
    Dense(classes)
  }
}

// What computes: this process, on all cores.
Device.default = .native
let folder = CommandLine.arguments.dropFirst().first ?? "../../datasets/digits"

// Train, and save the weights.
let digits = try ImageFolder.load(folder)
let model = makeModel(classes: digits.classNames.count)
try model.fit(digits, TrainingConfiguration(epochs: 10, batchSize: 32))
print("test accuracy \(try evaluate(model, on: digits.test).accuracy)")
try model.save(to: "digits.safetensors")

// Load them into a fresh model, and ask it about images.
let trained = makeModel(classes: digits.classNames.count)
try trained.load(from: "digits.safetensors", input: digits.imageShape)
let classifier = Classifier(trained, of: digits)
for file in digits.test.files.prefix(100) {
  print("\(file): \(try classifier.predict(file: file))")
}
