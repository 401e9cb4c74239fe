import Storage
import Web
import Wire

/// What a list of app users can be narrowed by.
package enum AppUsersKey: String, ListFilterKey {
  case state, version, platform, silent
  /// Those behind, or before, the user with this number in the order of creation.
  case after, before

  package var isPosition: Bool { self == .after || self == .before }
}

/// Which app users an address asks for, read: the form with what was asked, and what is wrong with it.
struct AppUserQuestion: Sendable {
  enum Start: Sendable, Equatable {
    case first
    case after(Int64)
    case before(Int64)
  }

  var form: Form
  private(set) var start = Start.first
  private var state: AppUserState?
  private var version = ""
  private var platform = ""
  private var silent: Instant?

  /// - Throws: `PageFault` for a position that is none.
  init(_ view: ListFilter<AppUsersKey>) throws(PageFault) {
    form = Form(Self.fields, values: view.values)
    state = AppUserState(rawValue: view[.state])
    if !view[.state].isEmpty, state == nil {
      form.refuse(AppUsersKey.state.rawValue, "State: choose one of those that are offered.")
    }
    version = view[.version]
    platform = view[.platform].lowercased()
    if !view[.silent].isEmpty {
      silent = TimeBound.read(view[.silent], isEnd: false)
      if silent == nil { form.refuse(AppUsersKey.silent.rawValue, TimeBound.problem("Silent since", view[.silent])) }
    }
    if !view[.after].isEmpty { start = .after(try Self.position(view[.after])) }
    if !view[.before].isEmpty { start = .before(try Self.position(view[.before])) }
  }

  private static func position(_ text: String) throws(PageFault) -> Int64 {
    guard let number = Int64(text), number >= 0 else {
      throw .invalid("“\(CutText.cut(text))” is no position among app users.", ways: [])
    }
    return number
  }

  /// Whether every user is asked for.
  var isOpen: Bool { state == nil && version.isEmpty && platform.isEmpty && silent == nil }

  /// One session must have version and platform; all must have been silent.
  func fits(_ user: UserRecord) -> Bool {
    if isOpen { return true }
    if let state, !AppUserState.all(of: user).contains(state) { return false }
    if let silent {
      guard !user.sessions.isEmpty, user.lastConnectedAt.map({ $0 < silent }) ?? true else { return false }
    }
    if version.isEmpty && platform.isEmpty { return true }
    return user.sessions.contains { session in
      let facts = DeviceFacts(session)
      return (version.isEmpty || facts.version == version)
        && (platform.isEmpty || facts.platform?.lowercased() == platform)
    }
  }

  private static let states =
    [FormField.Option("", "All")] + AppUserState.allCases.map { FormField.Option($0.rawValue, $0.label) }

  private static let fields = [
    FormField(AppUsersKey.state.rawValue, "State", .choice(states)),
    FormField(
      AppUsersKey.version.rawValue, "Version", .word, hint: "Of the app on a device, such as 4.12.0.", isRequired: false
    ),
    FormField(AppUsersKey.platform.rawValue, "Platform", .word, hint: "Such as IOS or ANDROID.", isRequired: false),
    FormField(
      AppUsersKey.silent.rawValue, "Silent since", .word,
      hint: "With a device, and no connection from then on. \(TimeBound.hint)", isRequired: false),
  ]
}
