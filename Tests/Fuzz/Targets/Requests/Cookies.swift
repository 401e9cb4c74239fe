import Web

/// A host, then the `Cookie` fields of a request to it, a line each.
enum Cookies {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let lines = input.lines
    for scheme in ["https", "http"] {
      guard let scope = CookieScope(scheme: scheme, host: lines[0]) else { continue }
      for kind in [CookieScope.Kind.session, .known] {
        let name = scope.name(of: kind)
        try promise(
          name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !";=,\"".utf8.contains($0) }, "a name is a token: \(name)")
        guard let value = scope.value(of: kind, in: Array(lines.dropFirst())) else { continue }
        let set = scope.setting(kind, to: value)
        let pair = set.value.split(separator: ";", omittingEmptySubsequences: false)[0]
        try promise(
          scope.value(of: kind, in: ["a=b; \(pair)"]), is: value, "a cookie that was read is set and read again")
      }
    }
  }
}
