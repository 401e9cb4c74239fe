import CCurl

/// What libcurl keeps pointers to while a transfer runs: lists of lines, and the place where it writes its
/// own words about a failure. Whoever runs the transfer holds this for as long.
package final class TransferMemory {
  private let words: UnsafeMutablePointer<CChar>
  private var lists: [UnsafeMutablePointer<curl_slist>] = []

  package init() {
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    for list in lists { curl_slist_free_all(list) }
    words.deallocate()
  }

  /// Lets libcurl write its words here; false where it refuses.
  package func takeWords(of handle: UnsafeMutableRawPointer) -> Bool {
    ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, words) == CURLE_OK
  }

  /// Sets an option that is a list of lines, such as headers: all of them or, where there is no memory or
  /// libcurl refuses, false.
  package func set(_ option: CURLoption, to lines: [String], of handle: UnsafeMutableRawPointer) -> Bool {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = curl_slist_append(list, line) else {
        curl_slist_free_all(list)
        return false
      }
      list = longer
    }
    if let list { lists.append(list) }
    return ccurl_set_list(handle, option, list) == CURLE_OK
  }

  /// Why a transfer failed, in libcurl's words.
  package func reason(of code: CURLcode) -> String {
    let own = String(cString: words)
    return own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
  }
}
