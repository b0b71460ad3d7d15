import LockstepCore

/// More elements than any operation of a BLAS with 32-bit sizes can address.
private let largestCount = Int(Int32.max)

// What layers share when they are built and called.
extension Layer {
  /// The error of a layer that an input doesn't fit.
  func misfit(_ problem: String) -> ModelError { ModelError(layer: "", kind: description, problem: problem) }

  /// Throws unless an activation can be applied to examples of a shape.
  func requireFit(of activation: Activation, _ example: Shape) throws(ModelError) {
    if let problem = activation.problem(for: example) { throw misfit(problem) }
  }

  /// Throws unless examples are images.
  func requireImages(_ example: Shape) throws(ModelError) {
    guard example.rank == 3 else {
      throw misfit("needs images [height, width, channels], not \(example)")
    }
  }

  /// The shape an operation gives for examples of a shape, as a layer's ``build(input:)`` reports it.
  func outputShape(
    of operation: Operation, _ input: Shape, _ others: Shape...
  ) throws(ModelError) -> Shape {
    let outputs: [TensorSpec]
    do {
      let inputs = [Shape([1] + input.dimensions)] + others
      outputs = try operation.inferOutputs(inputs.map { TensorSpec($0, .float32) })
    } catch {
      throw misfit("\(error)")
    }
    let shape = Shape(Array(outputs[0].shape.dimensions.dropFirst()))
    return try self.shape(of: "result", shape.dimensions)
  }

  /// A shape, if a tensor of that shape can be.
  func shape(of name: String, _ dimensions: [Int]) throws(ModelError) -> Shape {
    var count = 1
    for size in dimensions {
      let product = count.multipliedReportingOverflow(by: size)
      guard !product.overflow, product.partialValue <= largestCount else {
        throw misfit("its \(name) \(dimensions) would have more than \(largestCount) elements")
      }
      count = product.partialValue
    }
    return Shape(dimensions)
  }

  /// A parameter for a layer that is built: the one it has, value and all, if that has the shape and the
  /// initialiser, so that a trained model can be built again, as its summary does.
  func parameter(
    _ existing: Parameter?, _ shape: Shape, _ initializer: Initializer, isTrainable: Bool = true
  ) -> Parameter {
    if let existing, existing.shape == shape, existing.initializer == initializer { return existing }
    return Parameter(shape, initializer, isTrainable: isTrainable)
  }

  /// Builds layers that are applied one after the other, called by a name and their number, and gives the shape
  /// behind each.
  func shapes(of layers: [any Layer], _ name: String, input: Shape) throws(ModelError) -> [Shape] {
    var shapes: [Shape] = []
    for (index, layer) in layers.enumerated() {
      do throws(ModelError) {
        guard index == 0 || !layer.takesIndices else {
          throw layer.misfit("takes indices, and no results: it must be the first layer")
        }
        shapes.append(try layer.build(input: shapes.last ?? input))
      } catch {
        throw error.inside("\(name).\(index)")
      }
    }
    return shapes
  }

  /// The value of a parameter that ``build(input:)`` made; traps if there is none.
  func value(of parameter: Parameter?) -> Tensor {
    guard let parameter else {
      trap("\(place)\(description) has not been built: call build(input:) on the model first")
    }
    guard parameter.isInitialized else {
      trap("\(place)\(description) has no values yet: call initialize(seed:on:) on the model first")
    }
    return parameter.value
  }

  /// Traps unless a batch is one of images.
  func requireImages(_ x: Tensor) {
    guard x.rank == 4 else {
      trap("\(place)\(description) needs images [batch, height, width, channels], not \(x.shape)")
    }
  }

  /// The layer that is being called, as a message begins.
  private var place: String {
    let path = Origin.current.layer
    return path.isEmpty ? "" : "in layer \(path): "
  }
}
