import Glibc
import JSON
import Wire

/// What parts of the server make of texts, for `script/fuzz --differential`, which asks another implementation too.
enum Answers: String {
  case json, numbers, dates, forms

  /// Answers lines of hex digits on standard input, a line each.
  func run() {
    while let line = readLine() {
      let digits = Array(line.utf8)
      let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { index in
        (hexDigit(digits[index]) ?? 0) << 4 | (hexDigit(digits[index + 1]) ?? 0)
      }
      print(answer(FuzzInput(bytes)))
      // Who asks waits for each answer.
      fflush(nil)
    }
  }

  private func answer(_ input: FuzzInput) -> String {
    switch self {
    case .json: Self.json(input)
    case .numbers: Self.number(input.text)
    case .dates: Self.date(input.text)
    case .forms: Self.form(input)
    }
  }

  private static let refused = "refused"

  private static func json(_ input: FuzzInput) -> String {
    guard let root = (try? JSONDocument.read(input.bytes))?.root else { return refused }
    return root.holdsLoneSurrogate ? "lone surrogate" : JSONTexts.printed(root)
  }

  /// Strictly and loosely: the integer, and the bits of the double; then the double as it is printed, and its text
  /// where no digit is lost.
  private static func number(_ text: String) -> String {
    var copy = text
    let exact = copy.withUTF8 { NumberText.exactText(utf8: UnsafeRawBufferPointer($0)) }
    let double = NumberText.double(text)
    let parts = [
      NumberText.integer(text).map(String.init), double.map { String($0.bitPattern) },
      NumberText.integer(loosely: text).map(String.init),
      NumberText.double(loosely: text).map { String($0.bitPattern) }, double.map(ECMAScriptNumber.text(of:)), exact,
    ]
    return parts.map { $0 ?? refused }.joined(separator: " ")
  }

  private static func date(_ text: String) -> String {
    "\(CalendarDay(text)?.description ?? refused) \(Instant(text)?.description ?? refused)"
  }

  /// The form's tree as JSON.
  private static func form(_ input: FuzzInput) -> String {
    (try? FormContainer(utf8: input.bytes)).map { node($0).string } ?? refused
  }

  private static func node(_ form: FormContainer) -> JSONNode {
    .object(
      form.entries.map { entry in
        switch entry.value {
        case .text(let text): (entry.key, .text(text))
        case .list(let texts): (entry.key, .array(texts.map { .text($0) }))
        case .container(let inner): (entry.key, node(inner))
        }
      })
  }
}
