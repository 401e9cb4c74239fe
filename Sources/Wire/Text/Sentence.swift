/// Sentences for people that are put together from the words of others, which may have a full stop already.
package enum Sentence {
  /// The words with a full stop at their end, and one alone.
  package static func ended(_ words: String) -> String {
    var words = words[...]
    while words.last == "." { words.removeLast() }
    return words.last == "!" || words.last == "?" || words.last == "…" ? String(words) : words + "."
  }

  /// `A`, `A and B`, `A, B and C`.
  package static func list(of words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return "\(words.dropLast().joined(separator: ", ")) and \(last)"
  }

  /// What an error says to people: its own sentence, or its description where it has none.
  package static func of(_ error: any Error) -> String {
    (error as? any ExplainedError)?.sentence ?? "\(error)"
  }
}

/// An error with a sentence for the person who asked, or for who reads the log: what is wrong, and what to do.
package protocol ExplainedError: Error {
  var sentence: String { get }
}
