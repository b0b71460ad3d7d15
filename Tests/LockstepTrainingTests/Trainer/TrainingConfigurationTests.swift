import Lockstep
import Testing

@Suite("Training configuration")
struct TrainingConfigurationTests {
  private static func changed(_ change: (inout TrainingConfiguration) -> Void) -> String? {
    var configuration = TrainingConfiguration()
    change(&configuration)
    return configuration.problem
  }

  @Test("the defaults and the borders of what is allowed have no problem")
  func good() {
    #expect(TrainingConfiguration().problem == nil)
    #expect(Self.changed { $0.epochs = 1 } == nil)
    #expect(Self.changed { $0.batchSize = 1 } == nil)
    #expect(Self.changed { $0.learningRate = .leastNonzeroMagnitude } == nil)
    #expect(Self.changed { $0.momentum = 0 } == nil)
    #expect(Self.changed { $0.momentum = 0.999 } == nil)
    #expect(Self.changed { $0.weightDecay = 0 } == nil)
    #expect(Self.changed { $0.labelSmoothing = 1 } == nil)
    #expect(Self.changed { $0.seed = .max } == nil)
  }

  @Test("epochs and batch size below 1 are named", arguments: [0, -1, Int.min])
  func counts(count: Int) {
    #expect(Self.changed { $0.epochs = count } == "epochs must be at least 1, not \(count)")
    #expect(Self.changed { $0.batchSize = count } == "the batch size must be at least 1, not \(count)")
  }

  @Test("numbers out of range or not finite are named", arguments: [-0.5, .nan, .infinity, -.infinity])
  func numbers(number: Double) {
    #expect(
      Self.changed { $0.learningRate = number } == "the learning rate must be a number above 0, not \(number)"
    )
    #expect(
      Self.changed { $0.momentum = number } == "momentum must be at least 0 and below 1, not \(number)")
    #expect(
      Self.changed { $0.weightDecay = number } == "weight decay must be a number of at least 0, not \(number)"
    )
    #expect(
      Self.changed { $0.labelSmoothing = number }
        == "label smoothing must be at least 0 and at most 1, not \(number)")
  }

  @Test("the borders that are not allowed are named")
  func borders() {
    #expect(Self.changed { $0.learningRate = 0 } == "the learning rate must be a number above 0, not 0.0")
    #expect(Self.changed { $0.momentum = 1 } == "momentum must be at least 0 and below 1, not 1.0")
    #expect(Self.changed { $0.labelSmoothing = 1.01 }?.hasPrefix("label smoothing") == true)
    #expect(
      Self.changed {
        $0.nesterov = true
        $0.momentum = 0
      } == "Nesterov's momentum needs a momentum above 0")
  }
}
