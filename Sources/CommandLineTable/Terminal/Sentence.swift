/// Sentences that are put together from the words of others, which may have a full stop already.
package enum Sentence {
  /// The words with a full stop at their end, and one alone.
  package static func ended(_ words: String) -> String {
    var words = words[...]
    while words.last == "." { words.removeLast() }
    return words.last == "!" || words.last == "?" || words.last == "…" ? String(words) : words + "."
  }
}
