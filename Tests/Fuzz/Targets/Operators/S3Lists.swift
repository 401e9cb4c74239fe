import Wire

@testable import AttachmentsS3

/// A page of the list of a bucket, as an object store answers it.
enum S3Lists {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    guard let page = S3ListPage(xml: input.bytes) else { return }
    for entry in page.entries { try promise(entry.size >= 0, "nothing is smaller than nothing: \(entry)") }
    let again = S3ListPage(xml: Array(printed(page).utf8))
    try promise(again == page, "\(page) is read as it is printed: \(String(describing: again))")
  }

  private static func printed(_ page: S3ListPage) -> String {
    let entries = page.entries.map { entry in
      "<Contents><Key>\(escaped(entry.key))</Key><Size>\(entry.size)</Size>"
        + "<LastModified>\(entry.modified)</LastModified></Contents>"
    }
    let next = page.next.map { "<NextContinuationToken>\(escaped($0))</NextContinuationToken>" } ?? ""
    return
      "<ListBucketResult><IsTruncated>\(page.next != nil)</IsTruncated>\(entries.joined())\(next)</ListBucketResult>"
  }

  /// Line ends by their numbers, as parsers make others of them.
  private static func escaped(_ text: String) -> String {
    var writer = ByteWriter()
    writer.append(html: text)
    return writer.string.unicodeScalars.reduce(into: "") { $0 += $1 == "\r" ? "&#13;" : String($1) }
  }
}
