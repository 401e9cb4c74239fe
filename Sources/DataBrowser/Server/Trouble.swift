import Administration
import Web
import Wire

/// Something that is wrong, and what to do about it.
package struct Trouble: Sendable, Equatable {
  package var what: String
  package var advice: String
  /// The page that mends it; nil where none does, or where it is not open to who visits.
  package var way: Crumb?

  package init(_ what: String, advice: String, way: Crumb? = nil) {
    self.what = what
    self.advice = advice
    self.way = way
  }

  /// With the page that mends it, where that is open to who visits.
  func leading(to text: String, _ route: Route, if isOpen: Bool) -> Trouble {
    var trouble = self
    if isOpen { trouble.way = Crumb(text, route) }
    return trouble
  }

  static let writesFail = Trouble(.writesFail)

  static func unreadable(_ what: String) -> Trouble { Trouble(.unreadable(what)) }

  static func suspended(_ webhook: String, since: Instant) -> Trouble { Trouble(.suspended(webhook, since: since)) }

  static func parked(_ count: Int) -> Trouble { Trouble(.parked(count)) }

  static func pending(_ index: String, of model: String, objects: Int) -> Trouble {
    Trouble(.pending(index, of: model, objects: objects))
  }

  static func furtherPending(_ count: Int) -> Trouble { Trouble(.furtherPending(count)) }

  /// A problem as pages tell it: what a command would do about it, pages do themselves.
  private init(_ problem: Problem) { self.init(problem.what, advice: problem.advice) }

  /// - Parameter hasNumbers: whether it says how large the disk is, which is for those who run the server.
  static func nearlyFull(_ disk: DiskSpace?, hasNumbers: Bool) -> Trouble? {
    Problem.nearlyFull(disk, hasNumbers: hasNumbers).map(Trouble.init)
  }
}
