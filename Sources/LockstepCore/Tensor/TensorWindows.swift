// Convolution, pooling, normalisation and the loss of a classifier.
extension Tensor {
  /// The cross-correlation of images with a kernel.
  ///
  /// - Parameters:
  ///   - weight: `[kernelHeight, kernelWidth, inChannels / groups, outChannels]`; this is
  ///     `[batch, height, width, inChannels]`.
  ///   - convolution: stride, padding, dilation, groups.
  public func conv2D(
    _ weight: Tensor, _ convolution: Convolution = Convolution(), file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    .applied(.conv2D(convolution), self, weight, file: file, line: line)
  }

  /// The transposed convolution of images with a kernel: the gradient of ``conv2D(_:_:file:line:)`` at its input.
  ///
  /// - Parameters:
  ///   - weight: that of the convolution from the results to these,
  ///     `[kernelHeight, kernelWidth, outChannels / groups, inChannels]`; this is
  ///     `[batch, height, width, inChannels]`.
  ///   - convolution: stride, padding, dilation, groups of the convolution from the results to these.
  ///   - size: that of the results, one of those which the convolution makes these of.
  public func conv2DTransposed(
    _ weight: Tensor, _ convolution: Convolution, size: Size2D, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let operation = Operation.conv2DInputGradient(convolution, height: size.height, width: size.width)
    return .applied(operation, self, weight, file: file, line: line)
  }

  /// The cross-correlation of images with a kernel, plus bias, ReLU and max pool, in one operation.
  ///
  /// - Parameters:
  ///   - weight: `[kernelHeight, kernelWidth, inChannels / groups, outChannels]`; this is
  ///     `[batch, height, width, inChannels]`.
  ///   - bias: `[outChannels]`, or none.
  ///   - fused: what is computed.
  public func fusedConv2D(
    _ weight: Tensor, bias: Tensor?, _ fused: FusedConvolution, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let inputs = [self, weight] + (bias.map { [$0] } ?? [])
    return .apply(.fusedConv2D(fused), inputs, file: file, line: line)[0]
  }

  /// The largest element of every window of images `[batch, height, width, channels]`.
  public func maxPool2D(
    _ pooling: Pooling, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .applied(.maxPool2D(pooling), self, file: file, line: line)
  }

  /// The mean of every window of images `[batch, height, width, channels]`.
  public func averagePool2D(
    _ pooling: Pooling, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .applied(.averagePool2D(pooling), self, file: file, line: line)
  }

  /// Every channel of `[batch, .., channels]` normalised by its own mean and variance over all that is in the
  /// tensor: `(x − mean) / √(variance + ε) · scale + offset`.
  ///
  /// - Parameters:
  ///   - scale: `[channels]`.
  ///   - offset: `[channels]`.
  ///   - attributes: ε, and whether a ReLU follows in the same pass.
  /// - Returns: the result, and mean and variance `[channels]`, the latter divided by the count.
  public func batchNorm(
    scale: Tensor, offset: Tensor, _ attributes: BatchNormalization = BatchNormalization(),
    file: StaticString = #fileID, line: UInt = #line
  ) -> (y: Tensor, mean: Tensor, variance: Tensor) {
    let outputs = Tensor.apply(.batchNorm(attributes), [self, scale, offset], file: file, line: line)
    return (outputs[0], outputs[1], outputs[2])
  }

  /// ``batchNorm(scale:offset:_:file:line:)`` with a mean and a variance `[channels]` that are given.
  public func batchNorm(
    scale: Tensor, offset: Tensor, mean: Tensor, variance: Tensor,
    _ attributes: BatchNormalization = BatchNormalization(), file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    .applied(
      .batchNormInference(attributes), self, scale, offset, mean, variance, file: file, line: line)
  }

  /// The channels of `[batch, .., channels]` in groups of neighbours, each normalised by its own mean and variance in
  /// each example: `(x − mean) / √(variance + ε) · scale + offset`.
  ///
  /// - Parameters:
  ///   - scale: `[channels]`.
  ///   - offset: `[channels]`.
  ///   - attributes: the number of groups, and ε.
  /// - Returns: the result, and mean and variance `[batch, groups]`, the latter divided by the count.
  public func groupNorm(
    scale: Tensor, offset: Tensor, _ attributes: GroupNormalization, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (y: Tensor, mean: Tensor, variance: Tensor) {
    let outputs = Tensor.apply(.groupNorm(attributes), [self, scale, offset], file: file, line: line)
    return (outputs[0], outputs[1], outputs[2])
  }

  /// max(x + other, 0) in one pass.
  public func addingReLU(_ other: Tensor) -> Tensor { .applied(.binary(.addReLU), self, other) }

  /// Every example's cross-entropy between softmax(logits) and its label.
  ///
  /// - Parameters:
  ///   - labels: `[batch]`, `int32` or `int64`; these are the logits, `[batch, classes]`. A label outside of
  ///     the classes is a ``BackendError/indexOutOfRange(operation:origin:)`` when the loss is read.
  ///   - labelSmoothing: the share of the target that is spread evenly over all classes, 0…1.
  public func softmaxCrossEntropy(
    labels: Tensor, labelSmoothing: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .applied(.softmaxCrossEntropy(labelSmoothing: labelSmoothing), self, labels, file: file, line: line)
  }
}
