import Lockstep
import LockstepConformance

let folder = CommandLine.arguments.dropFirst().first ?? "../../datasets/digits"

// Is it a backend at all? Memory, order, and every operation that has something to do with matrices.
let backend = PlainMatmul(try NativeBackend())
let products = Conformance.cases.filter { $0.operation.name.hasPrefix("matmul") }
let report =
  Conformance.checkProtocol(of: backend)
  + Conformance.run(backend, against: ReferenceBackend(), cases: products)
print(report)

// Does a model train on it, and what does that ask for?
let counting = CountingCalls(backend)
let digits = try ImageFolder.load(folder)
let model = Sequential {
  Flatten()
  Dense(32, activation: .relu)
  Dense(10)
}
let device = Device(counting)
try model.fit(digits, TrainingConfiguration(epochs: 3, batchSize: 32), on: device)
print("test accuracy \(try evaluate(model, on: digits.test, device: device).accuracy)")
for (name, count) in counting.ranking.prefix(3) { print("\(name): \(count) times") }
