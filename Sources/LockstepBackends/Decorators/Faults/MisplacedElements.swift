import LockstepCore

// Faults that leave elements where others belong. A result is seen as a matrix: the last dimension counts its
// columns (channels of an image), all others its rows.
extension TensorValue {
  private var columns: Int { spec.shape.rank > 0 ? spec.shape[-1] : 1 }

  private func mapped(_ change: (inout [Double]) -> Void) -> TensorValue {
    var elements = reals
    change(&elements)
    return TensorValue(spec, reals: elements)
  }

  /// With a tile of 16 rows and 4 columns set to zero; unchanged if it is smaller than that.
  func withZeroTile(_ random: inout RandomStream) -> TensorValue {
    let (tileRows, tileColumns) = (16, 4)
    let columns = columns
    let rows = spec.shape.count / max(1, columns)
    guard rows >= tileRows, columns >= tileColumns else { return self }
    let top = random.next(below: rows - tileRows + 1)
    let left = random.next(below: columns - tileColumns + 1)
    return mapped { elements in
      for row in top..<top + tileRows {
        for column in left..<left + tileColumns { elements[row * columns + column] = 0 }
      }
    }
  }

  /// With the columns of either half dealt out in turn: 0, n/2, 1, n/2 + 1, …
  var withShuffledColumns: TensorValue {
    let columns = columns
    let sound = reals
    return mapped { elements in
      for element in elements.indices {
        let column = element % columns
        let source = column / 2 + (column.isMultiple(of: 2) ? 0 : columns / 2)
        elements[element] = sound[element - column + source]
      }
    }
  }

  /// With every column's number cut to what a counter of `limit` values holds.
  func withWrappedColumns(after limit: Int) -> TensorValue {
    let columns = columns
    return mapped { elements in
      for element in elements.indices where element % columns >= limit {
        let column = element % columns
        elements[element] = elements[element - column + column % limit]
      }
    }
  }

  /// With 0 · NaN added to one element, as β · C is where a former owner of the memory left a NaN.
  func withLeakedNaN(_ random: inout RandomStream) -> TensorValue {
    guard spec.shape.count > 0 else { return self }
    let element = random.next(below: spec.shape.count)
    return mapped { elements in elements[element] += 0 * Double.nan }
  }
}
