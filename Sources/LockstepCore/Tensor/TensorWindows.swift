// Convolution, pooling and the loss of a classifier.
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
