/// Writes a piece of a section as HTML.
struct BlockHTML {
  let block: Report.Block
  /// What names in the block start with.
  let identifier: String

  init(_ block: Report.Block, identifier: String) {
    self.block = block
    self.identifier = identifier
  }

  func write(to html: inout Markup) {
    switch block {
    case .paragraph(let text): html.element("p", ["dir": "auto"], text: text)
    case .list(let items):
      html.element("ul") { list in
        for item in items { list.element("li", ["dir": "auto"], text: item) }
      }
    case .code(let text):
      // Focusable, because what is too wide can be scrolled.
      html.element("pre", ["tabindex": "0"]) { $0.element("code", text: text) }
    case .table(let table): write(table, to: &html)
    case .chart(let chart): ChartHTML(chart, identifier: identifier).write(to: &html)
    }
  }

  private func write(_ table: Table, to html: inout Markup) {
    html.element(
      "div",
      ["class": "scroll", "role": "region", "tabindex": "0", "aria-labelledby": "\(identifier)-caption"]
    ) { region in
      region.element("table") { element in
        element.element("caption", ["id": "\(identifier)-caption", "dir": "auto"], text: table.caption)
        element.element("thead") { $0.element("tr") { headings(of: table, to: &$0) } }
        element.element("tbody") { body in
          for row in table.rows { body.element("tr") { cells(row, of: table, to: &$0) } }
        }
      }
    }
  }

  private func headings(of table: Table, to row: inout Markup) {
    for column in table.columns {
      row.element(
        "th", ["scope": "col", "class": column.isNumeric ? "number" : "", "dir": "auto"], text: column.title)
    }
  }

  private func cells(_ cells: [Table.Cell], of table: Table, to row: inout Markup) {
    for (index, cell) in cells.enumerated() {
      let column = table.columns[index]
      let names = [
        column.isNumeric ? "number" : "", cell.tone == .neutral ? "" : "tone-\(cell.tone.rawValue)",
      ]
      let classes = names.filter { !$0.isEmpty }.joined(separator: " ")
      // What a row is about stands in its first cell, unless that is a number.
      let isHeading = index == 0 && !column.isNumeric
      let contents: (inout Markup) -> Void = { element in
        if cell.tone != .neutral {
          element.element("span", ["class": "icon", "aria-hidden": "true"], text: cell.tone.icon)
        }
        element.write(cell.text)
      }
      if isHeading {
        row.element("th", ["scope": "row", "class": classes, "dir": "auto"], contents)
      } else {
        row.element("td", ["class": classes, "dir": "auto"], contents)
      }
    }
  }
}
