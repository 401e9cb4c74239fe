import Crypto
import Wire

/// The settings of a deployment: one table, which the command, the API and docs/configuration.md read.
package enum DeploymentSetting: String, CaseIterable, Sendable {
  case label
  case appLabel = "app_label"
  case organisationID = "org_id"
  case region
  case appUser = "app_user"
  case corsOrigins = "cors_origins"
  case oplogRetention = "oplog_retention"
  case deviceAccess = "device_access"
  case multipleDevices = "multiple_devices_per_user"
  case singleDeviceEnrolment = "single_device_enrollment"
  case enrolmentValidity = "enrollment_token_validity"
  case rateLimit = "rate_limit"
  case rateBurst = "rate_burst"
  case userRateLimit = "user_rate_limit"
  case userRateBurst = "user_rate_burst"
  case webhookAllow = "webhook_allow"
  case lostFilters = "lost_filters"

  package var summary: String {
    switch self {
    case .label: "The deployment's label in info.json and on pages; the name when unset."
    case .appLabel: "The app's label in info.json."
    case .organisationID: "The organisation's id in info.json: 24 lower-case hex digits."
    case .region: "The region in info.json, such as eu."
    case .appUser: "The model that holds the people who use the app."
    case .corsOrigins:
      "Origins whose web pages may call the API, separated by commas; * is all of them, empty is none."
    case .oplogRetention:
      "How long changes stay in the oplog, such as 90d; older ones are removed in the background. Without it all are kept. A program that follows the feed must come by more often than that."
    case .deviceAccess:
      "What the devices of app users may do with all objects of the deployment: none, read, or all (reading and writing)."
    case .multipleDevices:
      "true lets an app user be signed in on several devices; with false the older one is locked when another enrols."
    case .singleDeviceEnrolment: "true serves the deprecated call re_enroll.json, which resets a user's sessions."
    case .enrolmentValidity: "How long a token for enrolling a device is valid, such as 24h."
    case .rateLimit:
      "Requests a second that the API password and tokens may make together in the long run; empty or 0 is no limit."
    case .rateBurst: "Requests at once that rate_limit lets pass; what one second brings when unset."
    case .userRateLimit:
      "Requests a second that the devices of one app user may make together in the long run; empty or 0 is no limit."
    case .userRateBurst: "Requests at once that user_rate_limit lets pass; what one second brings when unset."
    case .lostFilters:
      "What a list or count does with a parameter that is a filter without its q, such as status=landed for q[status]=landed: refuse answers 400 and shows the right spelling, ignore passes it over, and every object matches, with one line a day in the log. Deployments are made with refuse; those that are older than this setting have ignore."
    case .webhookAllow:
      "Addresses and ranges that webhooks may reach although they are not public, separated by commas, such as 10.1.0.0/16."
    }
  }

  /// What holds while nothing is set; nil where that is nothing.
  package var defaultValue: String? {
    switch self {
    case .label, .appLabel, .organisationID, .region, .oplogRetention, .webhookAllow: nil
    case .rateLimit, .rateBurst, .userRateLimit, .userRateBurst: nil
    case .deviceAccess: DeviceAccess.none.rawValue
    case .multipleDevices, .singleDeviceEnrolment: "false"
    case .enrolmentValidity: "24h"
    case .appUser: "user"
    case .corsOrigins: "*"
    // What deployments without the setting did before there was one: new ones are made with it.
    case .lostFilters: LostFilters.ignore.rawValue
    }
  }

  /// A year, in seconds.
  private static let longestEnrolment = 365 * 86_400

  /// What is wrong with a value, in a sentence; nil where it will do.
  package func problem(with value: String) -> String? {
    if value.utf8.count > 1000 { return "\(rawValue) takes at most 1000 bytes." }
    if let problem = DeploymentFault.problem(with: value, of: rawValue) { return problem }
    switch self {
    case .webhookAllow: return Self.problem(withNetworks: value)
    case .corsOrigins: return Self.problem(withOrigins: value)
    default: return takes(value) ? nil : refusal(of: value)
    }
  }

  /// Whether a value is of the setting's kind.
  private func takes(_ value: String) -> Bool {
    switch self {
    case .appLabel, .region, .webhookAllow, .corsOrigins: true
    case .label: !value.allSatisfy(\.isWhitespace)
    case .organisationID: DeploymentID.isValid(value)
    case .appUser: !value.isEmpty
    case .oplogRetention: value.isEmpty || Quantity.seconds(withUnit: value).map { $0 >= 60 } == true
    case .deviceAccess: DeviceAccess(rawValue: value) != nil
    case .lostFilters: LostFilters(rawValue: value) != nil
    case .multipleDevices, .singleDeviceEnrolment: ["true", "false"].contains(value)
    case .enrolmentValidity: (60...Self.longestEnrolment).contains(Quantity.seconds(withUnit: value) ?? 0)
    case .rateLimit, .userRateLimit: value.isEmpty || RateLimit.rate(value) != nil
    case .rateBurst, .userRateBurst: value.isEmpty || RateLimit.burst(value) != nil
    }
  }

  private func refusal(of value: String) -> String {
    switch self {
    case .label: "label takes a text that can be seen. To show the deployment's name again: --unset label."
    case .appUser: "app_user takes the name of a model."
    default: "\(rawValue) takes \(kind), not \"\(CutText.cut(value))\"."
    }
  }

  /// What the setting takes, in a few words.
  package var kind: String {
    switch self {
    case .label, .appLabel, .region: "a text"
    case .appUser: "the name of a model"
    case .webhookAllow: "networks"
    case .corsOrigins: "* or origins"
    case .organisationID: "24 lower-case hex digits"
    case .oplogRetention:
      "a duration with its unit, at least 1m, such as 12h or 90d, or nothing to keep all"
    case .deviceAccess: "none, read or all"
    case .lostFilters: "refuse or ignore"
    case .multipleDevices, .singleDeviceEnrolment: "true or false"
    case .enrolmentValidity: "a duration with its unit from 1m to 365d, such as 24h"
    case .rateLimit, .userRateLimit: "requests a second, a number from 0 to 1000000, or nothing"
    case .rateBurst, .userRateBurst: "a whole number from 1 to 1000000, or nothing"
    }
  }

  private static func problem(withNetworks value: String) -> String? {
    do throws(NetworkRange.Malformed) {
      _ = try ranges(value)
      return nil
    } catch {
      return "webhook_allow: \(error)."
    }
  }

  private static func problem(withOrigins value: String) -> String? {
    for origin in AllowedOrigins(value).listed where !isOrigin(origin) {
      let better = Self.origin(of: origin).map { "it is written \($0)" }
      return "cors_origins takes * or origins as browsers send them, not \"\(CutText.cut(origin))\"; "
        + "\(better ?? "one is written like https://app.example.org")."
    }
    return nil
  }
}

/// The values of `lost_filters`.
package enum LostFilters: String, CaseIterable, Sendable { case refuse, ignore }

extension DeploymentSetting {
  /// What a new deployment is made with, where that is not the default: deployments that are older keep to it.
  static let ofNewDeployments: [String: String] = [lostFilters.rawValue: LostFilters.refuse.rawValue]

  /// The values that there are; nil where they cannot be listed.
  package var choices: [String]? {
    switch self {
    case .deviceAccess: DeviceAccess.allCases.map(\.rawValue)
    case .lostFilters: LostFilters.allCases.map(\.rawValue)
    default: isSwitch ? ["true", "false"] : nil
    }
  }

  /// How the audit tells that it was set; nil goes back to its default.
  package func told(_ value: String?) -> String {
    value.map { "\(rawValue)=\($0)" } ?? "\(rawValue) back to its default"
  }

  /// Whether it is true or false.
  package var isSwitch: Bool { self == .multipleDevices || self == .singleDeviceEnrolment }

  /// Whether a text is an origin as browsers send it: `scheme://host[:port]` in lower case, without the scheme's own
  /// port. Anything else would never be equal to what they send.
  static func isOrigin(_ text: String) -> Bool { origin(of: text) == text }

  /// The origin that a person means who wrote a URL; nil where there is none.
  static func origin(of text: String) -> String? {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let colon = text.firstIndex(of: ":") else { return nil }
    let scheme = text[..<colon].lowercased()
    let rest = text[colon...]
    guard rest.hasPrefix("://"), let first = scheme.utf8.first, (97...122).contains(first),
      scheme.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || [43, 45, 46].contains($0) })
    else { return nil }
    let host = rest.dropFirst(3).prefix { !"/?#".contains($0) }.lowercased()
    guard let (name, port) = hostAndPort(host) else { return nil }
    let usual = ["https": "443", "http": "80"][scheme]
    return "\(scheme)://\(name)" + (port.map { $0 == usual ? "" : ":\($0)" } ?? "")
  }

  /// A host, in brackets where it is IPv6, and its port; nil where it is none, or has a user's name.
  private static func hostAndPort(_ text: String) -> (String, String?)? {
    var name = text[...]
    var port: Substring?
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]"), NetworkAddress(String(text[..<end].dropFirst())) != nil else {
        return nil
      }
      name = text[...end]
      let behind = text[text.index(after: end)...]
      if !behind.isEmpty {
        guard behind.hasPrefix(":") else { return nil }
        port = behind.dropFirst()
      }
    } else {
      if let colon = text.firstIndex(of: ":") {
        name = text[..<colon]
        port = text[text.index(after: colon)...]
      }
      guard !name.isEmpty,
        name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || [45, 46, 95].contains($0) })
      else { return nil }
    }
    if let port, UInt16(port).map({ $0 == 0 || String($0) != port }) ?? true { return nil }
    return (String(name), port.map(String.init))
  }

  /// The ranges of `webhook_allow`.
  package static func ranges(_ value: String) throws(NetworkRange.Malformed) -> [NetworkRange] {
    var ranges: [NetworkRange] = []
    for part in value.split(separator: ",") {
      let text = part.filter { $0 != " " }
      if !text.isEmpty { ranges.append(try NetworkRange(text)) }
    }
    return ranges
  }
}

/// The rule for ids of deployments, apps and organisations: 24 lower-case hex digits.
package enum DeploymentID {
  package static func isValid(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 24
      && text.utf8.allSatisfy {
        ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "f"))
      }
  }

  package static func random() -> String { Hex.encode(Secret.random(bytes: 12)) }
}

/// The value of `cors_origins`, read.
package struct AllowedOrigins: Sendable, Equatable {
  package let listed: [String]
  package let isAll: Bool

  package init(_ setting: String) {
    listed = setting.split(separator: ",").map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { $0 != "*" && !$0.isEmpty }
    isAll = setting.split(separator: ",").contains { $0.filter { $0 != " " } == "*" }
  }
}
