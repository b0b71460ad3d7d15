import Foundation
@testable import LockstepReports
import Testing

@Suite("Colours")
struct PaletteTests {
  /// The contrast of two colours by WCAG 2.1: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
  private func contrast(_ one: String, _ other: String) -> Double {
    func luminance(_ color: String) -> Double {
      let number = Int(color.dropFirst(), radix: 16)!
      let parts = [number >> 16, number >> 8 & 255, number & 255].map { part -> Double in
        let value = Double(part) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      return zip(parts, [0.2126, 0.7152, 0.0722]).map(*).reduce(0, +)
    }
    let values = [luminance(one), luminance(other)].sorted()
    return (values[1] + 0.05) / (values[0] + 0.05)
  }

  @Test("every group stands out from light and dark paper by 3:1, as graphics must, and text by 4.5:1")
  func contrast() {
    for ink in Palette.groups {
      #expect(contrast(ink.light, Palette.paper.light) >= 3)
      #expect(contrast(ink.dark, Palette.paper.dark) >= 3)
    }
    for ink in [Palette.text, Palette.muted] {
      #expect(contrast(ink.light, Palette.paper.light) >= 4.5)
      #expect(contrast(ink.dark, Palette.paper.dark) >= 4.5)
    }
  }

  @Test("groups of one colour differ in dash and marker")
  func notByColorAlone() {
    for first in 0..<12 {
      for second in 0..<first where Palette.ink(first).light == Palette.ink(second).light {
        #expect(Palette.dash(first) != Palette.dash(second))
        #expect(Palette.marker(first) != Palette.marker(second))
      }
    }
  }

  @Test("the first six groups differ in all three")
  func distinct() {
    #expect(Set((0..<6).map(Palette.dash)).count == 6)
    #expect(Set((0..<6).map(Palette.marker)).count == 6)
    #expect(Set((0..<6).map { Palette.ink($0).light }).count == 6)
  }
}
