/// How far a long piece of work is, drawn on one line.
///
/// Pure: it is told the time and gives the text to print. On a terminal the line is drawn again in
/// place, at most ten times a second; elsewhere it is a line of its own every ten seconds.
package struct ProgressBar: Sendable {
  /// What is known about the work at a moment.
  package struct State: Sendable, Equatable {
    package var done: Int
    /// 0…1; nil when the whole is not known.
    package var fraction: Double?
    package var refused: Int

    package init(done: Int, fraction: Double? = nil, refused: Int = 0) {
      self.done = done
      self.fraction = fraction
      self.refused = refused
    }
  }

  private let style: TerminalStyle
  private let unit: String
  private var lastDrawn: Duration?
  private var wasDrawn = false

  /// `unit` is what is counted, in the plural: `rows`.
  package init(unit: String, style: TerminalStyle) {
    self.unit = unit
    self.style = style
  }

  /// What to print now, `elapsed` after the start; nil when it is too early.
  package mutating func update(_ state: State, elapsed: Duration) -> String? {
    let pause: Duration = style.isInteractive ? .milliseconds(100) : .seconds(10)
    // A pipe gets nothing at all about work that takes less than the pause.
    if elapsed - (lastDrawn ?? (style.isInteractive ? .seconds(-1) : .zero)) < pause { return nil }
    lastDrawn = elapsed
    wasDrawn = true
    let line = line(state, elapsed: elapsed)
    return style.isInteractive ? "\r\(line)\u{1B}[K" : line + "\n"
  }

  /// Removes the line from a terminal; nothing elsewhere.
  package mutating func clear() -> String? {
    guard style.isInteractive, wasDrawn else { return nil }
    wasDrawn = false
    return "\r\u{1B}[K"
  }

  func line(_ state: State, elapsed: Duration) -> String {
    let seconds = max(elapsed / .seconds(1), 0.001)
    var text = "\(Self.grouped(state.done)) \(unit)"
    text += "  \(Self.grouped(Int(Double(state.done) / seconds))) \(unit)/s"
    if state.refused > 0 { text += "  \(Self.grouped(state.refused)) refused" }
    guard let fraction = state.fraction.map({ min(max($0, 0), 1) }) else { return fit(text) }
    if fraction > 0.001, elapsed >= .seconds(1) || fraction == 1 {
      text += "  " + Self.clock(seconds * (1 - fraction) / fraction) + " left"
    }
    let percent = "\(Int(fraction * 100))%"
    let lead = String(repeating: " ", count: 4 - percent.count) + percent
    guard style.isInteractive else { return "\(lead)  \(text)" }
    let room = min(style.width - text.count - 10, 40)
    guard room >= 8 else { return fit("\(lead)  \(text)") }
    let full = Int(fraction * Double(room))
    let bar = String(repeating: "█", count: full) + style.dim(String(repeating: "░", count: room - full))
    return "\(lead) \(bar)  \(text)"
  }

  /// A terminal wraps a line that fills its width, and a wrapped line cannot be drawn again in place.
  private func fit(_ text: String) -> String {
    style.isInteractive ? String(text.prefix(style.width - 1)) : text
  }

  /// `1,234,567`.
  package static func grouped(_ number: Int) -> String {
    var digits = Array(String(number.magnitude))
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: position)
      position -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
  }

  /// `0:05`, `12:30`, `3:05:09`; `–` beyond 100 hours.
  package static func clock(_ seconds: Double) -> String {
    guard seconds >= 0, seconds < 360_000 else { return "–" }
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }
}
