import Web
import Wire

/// Drawings of one line, which never stand without a word.
enum Icon {
  case road, up, down, key, copy, link

  var html: HTML {
    svg(.class("icon"), .viewBox("0 0 24 24"), .aria("hidden", "true")) { path(.path(data)) }
  }

  private var data: StaticString {
    switch self {
    case .road: "M6 20c0-6 12-4 12-9 0-4-4-5-7-4M9 7.5a1.6 1.6 0 1 1-3.2 0 1.6 1.6 0 0 1 3.2 0"
    case .up: "M12 19V5M6 11l6-6 6 6"
    case .down: "M12 5v14M6 13l6 6 6-6"
    case .key: "M14 10a4 4 0 1 0-3 3.9L13 16h2v2h2v2h3v-3l-6-6"
    case .copy: "M9 9h10v11H9zM5 15V4h10"
    case .link: "M10 14l4-4M8 12l-2 2a3 3 0 0 0 4 4l2-2M12 8l2-2a3 3 0 0 1 4 4l-2 2"
    }
  }
}
