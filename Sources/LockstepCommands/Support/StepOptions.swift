import ArgumentParser
import Lockstep

/// The options that say how far a step of a training goes, and on how many images.
struct StepOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("Images a step.", valueName: "number"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The size of a step along the gradient.", valueName: "number")
  )
  var learningRate: Double?

  /// Puts what is asked for into a configuration.
  func apply(to configuration: inout TrainingConfiguration) {
    configuration.batchSize = batchSize ?? configuration.batchSize
    configuration.learningRate = learningRate ?? configuration.learningRate
  }
}
