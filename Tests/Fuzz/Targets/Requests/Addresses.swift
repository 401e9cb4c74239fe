import HTTPServer
import Web
import Wire

@testable import API
@testable import DataBrowser
@testable import HTTPServer

/// The target of a request line: taken apart, its path decoded, and held against the routes of API and pages.
enum Addresses {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let target = input.bytes.withUnsafeBytes { RequestTarget($0) }
    try promise(target.rawPath.utf8.first == UInt8(ascii: "/"), "a path begins with a slash: \(target.rawPath)")
    try promise(!target.rawPath.utf8.contains(UInt8(ascii: "?")), "a path ends at the query: \(target.rawPath)")
    var path = target.rawPath
    let again = path.withUTF8 { RequestTarget(UnsafeRawBufferPointer($0)) }
    try promise(again.rawPath, is: target.rawPath, "a path that was read is read as the same")
    let head = RequestHead(method: .get, rawPath: target.rawPath, rawQuery: target.rawQuery)
    if let segments = try segments(of: head) { try routes(segments, head) }
    try page(target)
  }

  /// Decoded, printed and decoded again they are the same; a fault lies in the path.
  private static func segments(of head: RequestHead) throws(BrokenPromise) -> [String]? {
    let segments: [String]
    do throws(PercentText.Fault) {
      segments = try head.segments
    } catch {
      try promise((0..<head.rawPath.utf8.count).contains(error.offset), "a fault lies in the path: \(error)")
      return nil
    }
    try promise(!segments.contains(""), "no segment is empty")
    let printed = RequestHead(method: .get, rawPath: LocalAddress(segments).text)
    try promise((try? printed.segments) == segments, "segments print as themselves: \(segments)")
    return segments
  }

  /// A route that is found has as many parts as the path has segments.
  private static func routes(_ segments: [String], _ head: RequestHead) throws(BrokenPromise) {
    if let path = try? DeploymentPath(head) {
      try promise(path.rest.count + 3, is: segments.count, "a deployment's path has three segments before its rest")
    }
    for method in [Method.get, .head, .post, .put, .patch, .delete, .options] {
      switch MatchedRoute(method, segments) {
      case nil: break
      case .open(let match)?: try promise(match.route.parts.count, is: segments.count, "a match has all parts")
      case .call(let match)?: try promise(match.route.parts.count, is: segments.count, "a match has all parts")
      }
    }
  }

  /// What is printed of a page's route is read as the same.
  private static func page(_ target: RequestTarget) throws(BrokenPromise) {
    _ = DataBrowser.Route.hasCode(rawPath: target.rawPath)
    guard let route = DataBrowser.Route(rawPath: target.rawPath, rawQuery: target.rawQuery) else { return }
    let address = route.address.text
    // What is printed may be longer than what was read, and longer ones are not read.
    if address.utf8.count > DataBrowser.Route.mostBytes { return }
    let again = DataBrowser.Route(address: address, origin: "https://a.example")
    try promise(
      again == route, "the route \(route) prints as \(address), which is read as \(String(describing: again))")
    try promise(route.address.text, is: again?.address.text, "one route has one address")
  }
}
