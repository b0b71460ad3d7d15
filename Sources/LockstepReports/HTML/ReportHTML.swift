extension Report {
  /// The document as one HTML file: styles, script and charts are in it, and nothing is fetched.
  public func html() -> String {
    var page = Markup()
    page.raw("<!DOCTYPE html>\n")
    page.element("html", ["lang": "en"]) { html in
      html.element("head") { head(&$0) }
      html.element("body") { body(&$0) }
    }
    page.raw("\n")
    return page.text
  }

  private func head(_ head: inout Markup) {
    head.raw("<meta charset=\"utf-8\">")
    head.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"\(PageSecurity.policy)\">")
    head.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
    head.raw("<meta name=\"color-scheme\" content=\"light dark\">")
    // An icon of nothing, or the browser asks a server for one.
    head.raw("<link rel=\"icon\" href=\"data:,\">")
    head.element("title", text: "\(verdict) · \(title)")
    head.element("style") { $0.raw(Palette.styles + PageStyle.css) }
  }

  private func body(_ body: inout Markup) {
    body.element("a", ["class": "skip", "href": "#content"], text: "Skip to the findings")
    body.element("header") { header in
      header.element("p", ["class": "kind"], text: "Lockstep report")
      header.element("h1", ["dir": "auto"], text: title)
    }
    body.element("main", ["id": "content", "tabindex": "-1"]) { main in
      banner(&main)
      for (index, section) in sections.enumerated() {
        main.element("section", ["aria-labelledby": "section-\(index)"]) { element in
          element.element("h2", ["id": "section-\(index)", "dir": "auto"], text: section.heading)
          for (place, block) in section.blocks.enumerated() {
            BlockHTML(block, identifier: "b\(index)-\(place)").write(to: &element)
          }
        }
      }
    }
    body.element("footer") { footer in
      if let command {
        footer.element("p", text: "This report was made by")
        BlockHTML(.code(command), identifier: "command").write(to: &footer)
      }
    }
    body.element("script") { $0.raw(PageScript.javascript) }
  }

  private func banner(_ main: inout Markup) {
    main.element("section", ["class": "banner tone-\(tone.rawValue)", "aria-labelledby": "verdict"]) {
      banner in
      banner.element("p", ["class": "word"]) {
        $0.element("span", ["class": "icon", "aria-hidden": "true"], text: tone.icon)
        $0.write(tone.word)
      }
      banner.element(
        "h2", ["id": "verdict", "data-verdict": verdict, "data-tone": tone.rawValue, "dir": "auto"],
        text: verdict)
      for paragraph in summary { banner.element("p", ["class": "lead", "dir": "auto"], text: paragraph) }
    }
  }
}

/// What the browser is told not to do.
enum PageSecurity {
  static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
}

extension Report.Tone {
  /// The tone in a word.
  var word: String {
    switch self {
    case .neutral: "Finding"
    case .good: "Good"
    case .caution: "Caution"
    case .bad: "Problem"
    }
  }

  /// The tone as a sign.
  var icon: String {
    switch self {
    case .neutral: "●"
    case .good: "✓"
    case .caution: "!"
    case .bad: "✕"
    }
  }
}
