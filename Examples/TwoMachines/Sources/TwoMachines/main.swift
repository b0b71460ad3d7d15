import Lockstep

let folder = CommandLine.arguments.dropFirst().first ?? "../../datasets/digits"
let digits = try ImageFolder.load(folder)
let task = TrainingTask(digits, TrainingConfiguration(epochs: 1, batchSize: 32)) {
  let model = Sequential {
    Conv2D(16, kernel: 3, padding: .same, activation: .relu)
    MaxPool2D(2)
    Flatten()
    Dense(10)
  }
  try model.build(input: [8, 8, 1])
  return model
}

// Two machines: this one, and one whose CPU has no AVX, re-enacted in a worker process.
let here: any Backend = try NativeBackend()
let there: any Backend = try EmulatedBackend(translator: .none, profile: .rosetta2Launch)

/// Trains, and gives the weights' digest.
func digest(on backend: any Backend) throws -> SHA256Digest {
  let (model, device) = (try task.makeModel(), Device(backend))
  model.initialize(seed: 0, on: device)
  try Trainer(model, task.configuration, on: device).fit(digits.train, test: digits.test)
  return try ModelWeights(of: model.state).digest
}

// The same training twice here, and once there.
let (first, second, other) = (try digest(on: here), try digest(on: here), try digest(on: there))
print("twice here: \(first == second ? "the same weights" : "other weights")")
print("here and there: \(first == other ? "the same weights" : "other weights")")

// Which operation differs first, and which of the two is nearer to the exact result?
let search = DifferenceSearch(task, seed: 0, stepCount: 5, judgedStepCount: 1)
let report = try search.run(here, there)
if let difference = report.firstDifference {
  let (a, b) = (difference.values.first, difference.values.second)
  print("first difference: \(difference.place), \(a) here and \(b) there")
}
print("\(report.differingInstructionCount) of \(report.instructionCount) instructions differ")
print("beyond rounding: \(report.firstFault.map { "\($0.place)" } ?? "none")")
