/// What answers at one prefix of the path. The site also decides who tells the errors of its requests, how much of
/// one is taken, and under which numbers it is counted.
///
///     Site("/databrowser", browser, limits: limits, firstKind: 40)
///
/// A prefix is `/` and one segment. It stands for that path and all below it: `/databrowser` and `/databrowser/me`, not
/// `/databrowserx`. `/` alone stands for the root and nothing below it.
package final class Site: Sendable {
  package let prefix: String
  package let handler: any Handler
  package let limits: SiteLimits
  /// Added to the kinds that the handler's verdicts name, so that sites which know nothing of each other are counted in
  /// one table.
  package let firstKind: UInt8
  /// The segment of the prefix.
  let segment: [UInt8]

  package init(_ prefix: String, _ handler: any Handler, limits: SiteLimits = SiteLimits(), firstKind: UInt8 = 0) {
    self.prefix = prefix
    self.handler = handler
    self.limits = limits
    self.firstKind = firstKind
    segment = Array(prefix.utf8.dropFirst())
  }

  /// The same with limits that the server can keep.
  func within(_ server: TransportLimits) -> Site {
    Site(prefix, handler, limits: limits.within(server), firstKind: firstKind)
  }

  /// Why the prefix is none; nil where it is one.
  var problem: String? {
    if prefix.utf8.first != UInt8(ascii: "/") { return "the prefix \"\(prefix)\" does not begin with /" }
    let isSegment = segment.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isSegment ? nil : "the prefix \"\(prefix)\" is not one segment of a-z, 0-9, -, . and _"
  }
}
