public import LockstepCore
public import LockstepData
public import LockstepNN

/// How many images of so many samples are classified at a time where only the speed depends on it: fewer where
/// they are large, so that a net's activations fit into memory.
func evaluationBatchSize(imageSize: Int) -> Int { min(256, max(8, (1 << 22) / max(1, imageSize))) }

/// How a classifier does on a data set: its mean cross-entropy, summed in double precision, and how many
/// images it gets right. Traps if the normalisation has other channels than the images.
///
/// - Throws: ``/LockstepCore/BackendError``, or ``/LockstepData/DatasetError`` if a streamed image can't be read
///   any more.
public func evaluate(
  _ model: any Layer, on dataset: ImageDataset, normalization: Normalization? = nil,
  options: ExecutionOptions = ExecutionOptions(), device: Device = .default
) throws -> Evaluation {
  try evaluate(
    model, on: dataset, normalization: normalization, options: options, device: device
  ) { _, _ in }
}

/// The same, with somebody who is given every batch's logits, `[count, classes]`, and labels.
func evaluate(
  _ model: any Layer, on dataset: ImageDataset, normalization: Normalization?, options: ExecutionOptions,
  device: Device, look: (Tensor, [Int32]) throws -> Void
) throws -> Evaluation {
  var loss = 0.0
  var correct = 0
  let loader = BatchLoader(
    dataset, batchSize: evaluationBatchSize(imageSize: dataset.imageSize), shuffles: false,
    normalization: normalization)
  let batches = loader.batches(epoch: 0)
  while let batch = try batches.next() {
    let shape: Shape = [batch.count, dataset.height, dataset.width, dataset.channels]
    let logits = model(Tensor(batch.pixels, shape: shape, on: device), .inference(options))
    let labels = Tensor(batch.labels, on: device)
    let losses = logits.softmaxCrossEntropy(labels: labels)
    loss += try losses.scalars(as: Float.self).reduce(0) { $0 + Double($1) }
    try look(logits, batch.labels)
    correct += Int(try countCorrect(logits, labels).item())
  }
  return Evaluation(loss: loss / Double(max(1, dataset.count)), correctCount: correct, count: dataset.count)
}

/// Every class's probability for images `[count, height, width, channels]` with samples as the model was trained
/// with: in 0…1, normalised if they were then.
///
/// - Returns: an array for each image, in the order of the classes.
public func predictProbabilities(
  _ model: any Layer, _ images: Tensor, options: ExecutionOptions = ExecutionOptions()
) throws(BackendError) -> [[Float]] {
  let probabilities = model(images, .inference(options)).softmax()
  let values = try probabilities.scalars(as: Float.self)
  let classCount = probabilities.shape[-1]
  return (0..<images.shape[0]).map { Array(values[($0 * classCount)..<(($0 + 1) * classCount)]) }
}
