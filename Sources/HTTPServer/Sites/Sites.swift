import Wire

/// The sites of a server, side by side: the first segment of a path says which of them answers.
///
///     Sites([Site("/api", api), Site("/health", health)], rest: pages)
///
/// No two of them can mean the same request, so their order says nothing. Paths are told apart as they are meant, not
/// as they are written: `/%61pi` is `/api`.
package struct Sites: Sendable {
  private let sites: [Site]
  /// What answers where no prefix fits, and where the path cannot be read.
  private let rest: Site

  /// Two sites of one prefix, and a prefix that is none, are the programmer's error.
  package init(_ sites: [Site] = [], rest: any Handler) {
    let problem = Self.problem(with: sites)
    precondition(problem == nil, problem ?? "")
    self.init(sites, Site("/", rest))
  }

  private init(_ sites: [Site], _ rest: Site) {
    self.sites = sites
    self.rest = rest
  }

  /// With limits that the server can keep.
  func within(_ server: TransportLimits) -> Sites {
    Sites(sites.map { $0.within(server) }, rest.within(server))
  }

  /// Why these cannot stand side by side; nil where they can.
  static func problem(with sites: [Site]) -> String? {
    for (index, site) in sites.enumerated() {
      if let problem = site.problem { return problem }
      if sites[..<index].contains(where: { $0.segment == site.segment }) {
        return "two sites have the prefix \(site.prefix)"
      }
    }
    return nil
  }

  /// The site that answers at a path as it was sent, without its query.
  package func site(at rawPath: String) -> Site {
    // The texts of heads lie in one piece: the copy is never made.
    rawPath.utf8.withContiguousStorageIfAvailable(site(at:)) ?? Array(rawPath.utf8).withUnsafeBufferPointer(site(at:))
  }

  private func site(at path: UnsafeBufferPointer<UInt8>) -> Site {
    let slash = UInt8(ascii: "/")
    guard let start = path.firstIndex(where: { $0 != slash }) else { return site(of: path[..<0]) }
    let end = path[start...].firstIndex(of: slash) ?? path.endIndex
    let segment = path[start..<end]
    guard segment.contains(UInt8(ascii: "%")) else { return site(of: segment) }
    guard let text = try? PercentText.decode(Array(segment)[...]) else { return rest }
    return Array(text.utf8).withUnsafeBufferPointer { site(of: $0[...]) }
  }

  private func site(of segment: Slice<UnsafeBufferPointer<UInt8>>) -> Site {
    for site in sites where site.segment.elementsEqual(segment) { return site }
    return rest
  }
}
