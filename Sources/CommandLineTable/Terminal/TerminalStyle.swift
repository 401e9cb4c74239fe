/// How text is dressed for where it goes: a terminal of some width, or a pipe.
package struct TerminalStyle: Sendable, Equatable {
  /// Lines may be drawn again in place.
  package let isInteractive: Bool
  /// Bold and dim are shown.
  package let isStyled: Bool
  /// In characters.
  package let width: Int

  package init(isInteractive: Bool, isStyled: Bool, width: Int = 80) {
    self.isInteractive = isInteractive
    self.isStyled = isStyled
    self.width = width
  }

  package static let plain = TerminalStyle(isInteractive: false, isStyled: false)

  /// `NO_COLOR` (when not empty) and `TERM=dumb` are respected. A pipe gets 80 columns and no dress.
  package init(isTerminal: Bool, columns: Int?, environment: (String) -> String?) {
    guard isTerminal else {
      self = .plain
      return
    }
    let terminal = environment("TERM") ?? "dumb"
    let isCapable = terminal != "dumb" && !terminal.isEmpty
    self.init(
      isInteractive: isCapable, isStyled: isCapable && (environment("NO_COLOR") ?? "").isEmpty,
      width: min(max(columns ?? 80, 40), 120))
  }

  package func bold(_ text: String) -> String { isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  package func dim(_ text: String) -> String { isStyled ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
