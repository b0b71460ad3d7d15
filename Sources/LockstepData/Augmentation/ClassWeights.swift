extension ImageDataset {
  /// A weight for each class that makes all classes count alike, images / (classes · images of the class): few
  /// images, high weight. As scikit-learn's `class_weight="balanced"`; 0 for a class without images.
  public var balancedClassWeights: [Double] {
    classCounts.map { $0 == 0 ? 0 : Double(count) / Double(classNames.count * $0) }
  }

  /// How many images each class has.
  public var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classNames.count)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }
}
