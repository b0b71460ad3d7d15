import LockstepData

extension Augmentation {
  /// Reads the keys of `augment:`.
  init(_ arguments: Arguments) {
    self.init(
      crop: arguments.get("crop", .pixels, or: 0), flip: arguments.get("flip", .flip, or: .none),
      rotation: arguments.get("rotate", .angle, or: 0),
      brightness: arguments.get("brightness", .portion, or: 0),
      contrast: arguments.get("contrast", .portion, or: 0),
      erasing: arguments.get("erase", .portion, or: 0),
      mixup: arguments.get("mixup", .nonnegativeNumber, or: 0),
      cutmix: arguments.get("cutmix", .nonnegativeNumber, or: 0))
  }
}

extension ValueKind<Int> {
  fileprivate static var pixels: ValueKind {
    whole.requiring("at least 0 and at most 1000") { (0...1000).contains($0) }
  }
}

extension ValueKind<Double> {
  /// A part of a whole, or all of it.
  fileprivate static var portion: ValueKind {
    number.requiring("at least 0 and at most 1") { (0...1).contains($0) }
  }

  fileprivate static var angle: ValueKind {
    number.requiring("at least 0 and at most 180") { (0...180).contains($0) }
  }
}

extension ValueKind<Augmentation.Flip> {
  fileprivate static var flip: ValueKind {
    ValueKind("none, horizontal, vertical or both", standIn: .none) {
      $0.text.flatMap(Augmentation.Flip.init)
    }
  }
}

extension ValueKind<NormalizationChoice> {
  /// `measured`, `none`, or a mean and a deviation for each channel.
  static var normalization: ValueKind {
    ValueKind(standIn: .none) { value, key, reader in
      switch value.text {
      case "measured": return .measured
      case "none": return NormalizationChoice.none
      default: break
      }
      guard case .mapping = value.content else {
        reader.report(
          value.position,
          "\(key) needs measured, none or {mean: [...], standardDeviation: [...]}, not \(value.quoted)")
        return nil
      }
      let arguments = Arguments(key, value, reader)
      defer { arguments.finish() }
      let normalization = Normalization(
        mean: arguments.get("mean", .numbers),
        standardDeviation: arguments.get("standardDeviation", .numbers))
      if let problem = normalization.problem { reader.report(value.position, problem) }
      return .given(normalization)
    }
  }
}

extension ValueKind<ClassWeighting> {
  /// `balanced`, `none`, or a number for each class.
  static var classWeighting: ValueKind {
    ValueKind("balanced, none or a list of numbers", standIn: .none) { value in
      switch value.text {
      case "balanced": return .balanced
      case "none": return ClassWeighting.none
      default: return value.numbers.map { .given($0) }
      }
    }
  }
}

extension ValueKind<[Double]> {
  /// One number or a list of them.
  fileprivate static var numbers: ValueKind {
    ValueKind("a number or a list of numbers", standIn: [1]) { value in
      value.number.map { [$0] } ?? value.numbers
    }
  }
}
