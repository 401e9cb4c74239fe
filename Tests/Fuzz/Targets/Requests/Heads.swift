import Wire

@testable import API
@testable import HTTPServer

/// The fields of a head, a line each, and the lists that stand in them.
enum Heads {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    // Of packed fields that are cut or lie about their lengths nothing is read beyond the end.
    Headers(packed: input.bytes).forEach { _, _ in true }
    let fields = input.lines.map { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return (name: parts[0], value: parts.count > 1 ? parts[1] : "")
    }
    let headers = Headers(fields)
    let framing = RequestFraming(headers, needsHost: true)
    try promise(headers.fields.map(\.value), is: fields.map(\.value), "fields keep their values")
    try promise(!framing.isChunked || framing.declaredLength == nil, "a body ends by its chunks or by its length")
    try promise((framing.declaredLength ?? 0) >= 0, "no body is shorter than nothing")
    for (_, value) in fields { try lists(value) }
    let values = fields.map(\.value)
    _ = AcceptEncoding.allowsGzip(values)
    try tags(values)
    try forwarding(values)
  }

  private static func lists(_ value: String) throws(BrokenPromise) {
    _ = AcceptEncoding.allowsGzip([value])
    try tags([value])
    for body in [Route.BodyKind.json, .jsonOrForm, .bytes, .none] { _ = try? ContentType.read(value, for: body) }
    let tag = EntityTag(naming: "a")
    if let named = tag.named(by: value) { try promise(tag.matches(named), "a tag that was named is named by itself") }
    if HostField.isHost(value) {
      try promise(value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a host is plain: \(value)")
      let name = HostField.name(of: value)
      try promise(name.isEmpty || HostField.name(of: name).utf8.count <= name.utf8.count, "a name is no longer")
    }
  }

  /// Tags of objects print as they were read.
  private static func tags(_ values: [String]) throws(BrokenPromise) {
    guard case .listed(let tags)? = ObjectTags(values) else { return }
    try promise(tags.count <= ObjectTags.limit, "tags have a limit")
    if tags.isEmpty { return }
    let printed = tags.map(\.text).joined(separator: ", ")
    try promise(ObjectTags([printed]) == .listed(tags), "tags that were read print as themselves: \(printed)")
  }

  /// The caller is the first address from the right that is no proxy, or the last one that can be read.
  private static func forwarding(_ values: [String]) throws(BrokenPromise) {
    guard let proxies = try? NetworkRange("10.0.0.0/8"), let peer = NetworkAddress("10.0.0.1") else { return }
    let forwarding = Forwarding(trusted: [proxies])
    let way = forwarding.way(from: peer, forwardedFor: values)
    try promise(way.proxies >= 1, "the peer is a proxy")
    if let host = way.host(of: values) { try promise(HostField.isHost(host), "a forwarded host is one: \(host)") }
    _ = way.scheme(of: values)
  }
}
