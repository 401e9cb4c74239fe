import Deployments
import Testing

/// Values that make no sense are refused where they are given, with what would be right.
@Suite("Values of a deployment's settings")
struct SettingValueTests {
  @Test(
    "are refused with what would be right",
    arguments: [
      (.corsOrigins, "https://a.example/", "it is written https://a.example."),
      (.corsOrigins, "https://b.example, HTTPS://A.Example:443/x?y", "it is written https://a.example."),
      (.corsOrigins, "http://a.example:8080/", "it is written http://a.example:8080."),
      (.corsOrigins, "https://*.a.example", "https://app.example.org"),
      (.corsOrigins, "https://u@a.example", "https://app.example.org"),
      (.corsOrigins, "a.example", "https://app.example.org"), (.corsOrigins, "https://", "https://app.example.org"),
      (.corsOrigins, "https://a.example:0", "https://app.example.org"),
      (.corsOrigins, "null", "https://app.example.org"),
      (.oplogRetention, "5", "its unit"), (.oplogRetention, "0d", "at least 1m"),
      (.oplogRetention, "59s", "at least 1m"),
      (.oplogRetention, "soon", "90d"), (.enrolmentValidity, "86400", "its unit"), (.enrolmentValidity, "366d", "365d"),
      (.label, "", "--unset label"), (.label, "  ", "--unset label"), (.label, "a\u{202e}b", "hide or direct"),
      (.region, "e\u{7f}u", "control characters"), (.appLabel, "\u{1b}[1m", "control characters"),
      (.organisationID, "x", "24"), (.rateLimit, "-1", "0 to 1000000"), (.rateLimit, "inf", "0 to 1000000"),
      (.rateBurst, "0", "from 1"), (.deviceAccess, "yes", "none, read or all"),
      (.multipleDevices, "1", "true or false"),
      (.webhookAllow, "10.0.0.0/33", "webhook_allow"),
    ] as [(DeploymentSetting, String, String)])
  func refused(setting: DeploymentSetting, value: String, says: String) throws {
    let problem = try #require(setting.problem(with: value), "\(setting) takes \(value)")
    #expect(problem.contains(says), "\(problem)")
  }

  @Test(
    "that make sense are taken",
    arguments: [
      (.corsOrigins, "*"), (.corsOrigins, ""), (.corsOrigins, "https://a.example, http://localhost:3000"),
      (.corsOrigins, "capacitor://localhost"), (.corsOrigins, "http://[::1]:8080"), (.oplogRetention, ""),
      (.oplogRetention, "1m"), (.oplogRetention, "90d"), (.enrolmentValidity, "24h"), (.label, "Größe 東京"),
      (.region, ""),
      (.rateLimit, "0"), (.rateLimit, ""), (.rateBurst, ""),
    ] as [(DeploymentSetting, String)])
  func taken(setting: DeploymentSetting, value: String) { #expect(setting.problem(with: value) == nil) }
}
