extension Tensor: CustomStringConvertible {
  /// The elements as NumPy's `str` prints them: in columns, with at most eight digits behind the point, and
  /// without the middle of more than 1000. Waits for them; if the device has failed, it says how instead.
  public var description: String {
    do throws(BackendError) {
      switch dtype {
      case .float32: return text(try scalars(as: Float.self), ElementFormat.real, scalar: scalarText)
      case .float64: return text(try scalars(as: Double.self), ElementFormat.real, scalar: scalarText)
      case .int64: return text(try scalars(as: Int64.self), ElementFormat.integer, scalar: \.description)
      case .int32: return text(try scalars(as: Int32.self), ElementFormat.integer, scalar: \.description)
      case .uint8: return text(try scalars(as: UInt8.self), ElementFormat.integer, scalar: \.description)
      case .bool: return text(try scalars(as: Bool.self), ElementFormat.bool) { $0 ? "True" : "False" }
      }
    } catch {
      return "<tensor \(spec) on a failed device: \(error)>"
    }
  }

  private func text<Element>(
    _ values: [Element], _ format: ([Element]) -> ElementFormat<Element>, scalar: (Element) -> String
  ) -> String {
    guard rank > 0 else { return scalar(values[0]) }
    let layout = ArrayLayout(shape)
    let format = format(layout.visible.map { values[$0] })
    return layout.text { format.text(values[$0]) }
  }
}
