public import LockstepCore

/// Something that holds parameters, itself or in the modules it is made of.
///
/// Parameters are found by reflection in stored properties that are a ``Parameter`` or a module, or an optional, an
/// array, a tuple or a dictionary with string keys of them. They are named by the path to them: `layers.0.weight`.
/// One that can be reached on two paths, such as a shared weight, is found once, on the first.
public protocol Module: AnyObject {}

/// A parameter and the path to it.
public struct NamedParameter {
  /// The path, such as `layers.0.weight`.
  public let name: String
  /// The parameter.
  public let parameter: Parameter
}

extension Module {
  /// All parameters that training moves along their gradients, in the order of declaration, those of a superclass
  /// first. Found anew by each call: keep the result in a loop.
  public var parameters: [NamedParameter] { state.filter(\.parameter.isTrainable) }

  /// All that the module keeps, in the order of declaration: its ``parameters``, and what else its layers keep
  /// from step to step, such as running statistics. What is saved of a model.
  public var state: [NamedParameter] {
    var search = ParameterSearch()
    search.visit(self, path: "")
    return search.found
  }

  /// How many numbers the parameters hold together.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.shape.count } }

  /// Gives everything in ``state`` its first value, a pure function of the seed and the parameter's name.
  ///
  /// - Parameter dtype: `float32` or `float64`.
  public func initialize(seed: UInt64, dtype: DType = .float32, on device: Device = .default) {
    for (name, parameter) in state.map({ ($0.name, $0.parameter) }) {
      var stream = RandomStream(
        seed: seed, purpose: .initialization, index: RandomStream.index(of: name))
      parameter.value = parameter.initializer.makeTensor(
        parameter.shape, dtype: dtype, using: &stream, on: device)
    }
  }
}

/// A walk through a module's stored properties.
private struct ParameterSearch {
  var found: [NamedParameter] = []
  private var seen: Set<ObjectIdentifier> = []

  mutating func visit(_ value: Any, path: String) {
    // Whether a type conforms to a protocol is looked for among all conformances there are, which takes longer
    // than all the rest; what is no object is no module.
    guard type(of: value) is AnyClass else { return visitElements(of: value, path) }
    switch value {
    case let parameter as Parameter:
      if seen.insert(ObjectIdentifier(parameter)).inserted {
        found.append(NamedParameter(name: path, parameter: parameter))
      }
    case let module as any Module:
      // A module that holds the one it is held by would be walked around forever.
      if seen.insert(ObjectIdentifier(module)).inserted { visitProperties(of: module, path) }
    default: break
    }
  }

  private mutating func visitProperties(of module: any Module, _ path: String) {
    var mirrors: [Mirror] = []
    var next: Mirror? = Mirror(reflecting: module)
    while let mirror = next {
      mirrors.append(mirror)
      next = mirror.superclassMirror
    }
    for mirror in mirrors.reversed() {
      for child in mirror.children { visit(child.value, path: join(path, child.label ?? "")) }
    }
  }

  private mutating func visitElements(of value: Any, _ path: String) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let wrapped = mirror.children.first { visit(wrapped.value, path: path) }
    case .collection:
      for (index, child) in mirror.children.enumerated() { visit(child.value, path: join(path, "\(index)")) }
    case .tuple:
      for child in mirror.children { visit(child.value, path: join(path, tupleLabel(child.label))) }
    case .dictionary:
      guard let entries = value as? [String: Any] else { return }
      for key in entries.keys.sorted() { visit(entries[key]!, path: join(path, key)) }
    default: break
    }
  }

  private func join(_ path: String, _ step: String) -> String { path.isEmpty ? step : "\(path).\(step)" }

  /// Mirrors call the elements of a tuple without labels ".0", ".1", …
  private func tupleLabel(_ label: String?) -> String { String((label ?? "").drop { $0 == "." }) }
}
