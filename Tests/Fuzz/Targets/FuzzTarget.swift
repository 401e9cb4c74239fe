/// What is fuzzed: each target reads bytes as some part of the server does, and checks a promise of that part beyond
/// not to crash, where it makes one.
///
/// The fuzzer's program and the test that replays the corpus both run `check`.
enum FuzzTarget: String, CaseIterable, Sendable {
  // What a request begins with.
  case addresses, heads, ranges, credentials, cookies, urls
  // Bodies and query strings.
  case forms, multipart, json, values, writes, content, inflated
  // Asking for objects.
  case queries, expressions, cursors
  // Values as texts.
  case numbers, dates, texts, base64
  // Data models.
  case models, displays, differences
  // What comes from an operator, and from other servers.
  case administration, configuration, settings, csv, s3
  // Texts that a grammar makes of the bytes.
  case grownJSON = "grown-json"
  case grownExpressions = "grown-expressions"
  case grownModels = "grown-models"

  /// The longest input that is tried. Longer ones seldom find more, and fewer of them fit into a second.
  var mostBytes: Int {
    switch self {
    case .ranges, .credentials, .cookies, .urls, .numbers, .dates, .base64, .settings: 256
    case .displays, .expressions, .cursors, .addresses, .grownJSON, .grownExpressions, .grownModels: 1024
    // The limit of a part's head is 4 KiB.
    case .multipart: 10_000
    default: 4096
    }
  }

  /// - Throws: the promise that this input breaks.
  func check(_ bytes: [UInt8]) throws(BrokenPromise) {
    let input = FuzzInput(bytes)
    switch self {
    case .addresses: try Addresses.check(input)
    case .heads: try Heads.check(input)
    case .ranges: try Ranges.check(input)
    case .credentials: try CredentialHeaders.check(input)
    case .cookies: try Cookies.check(input)
    case .urls: try URLTexts.check(input)
    case .forms: try Forms.check(input)
    case .multipart: try MultipartBodies.check(input)
    case .json: try JSONTexts.check(input)
    case .values: try FieldValues.check(input)
    case .writes: try WriteBodies.check(input)
    case .content: try Contents.check(input)
    case .inflated: try InflatedBodies.check(input)
    case .queries: try Queries.check(input)
    case .expressions: try Expressions.check(input)
    case .cursors: try Cursors.check(input)
    case .numbers: try Numbers.check(input)
    case .dates: try Dates.check(input)
    case .texts: try Texts.check(input)
    case .base64: try Base64Texts.check(input)
    case .models: try Models.check(input)
    case .displays: try Displays.check(input)
    case .differences: try Differences.check(input)
    case .administration: try AdministrativeLines.check(input)
    case .configuration: try ConfigurationFiles.check(input)
    case .settings: try Settings.check(input)
    case .csv: try CSVFiles.check(input)
    case .s3: try S3Lists.check(input)
    case .grownJSON: try GrownJSON.check(input)
    case .grownExpressions: try GrownExpressions.check(input)
    case .grownModels: try GrownModels.check(input)
    }
  }
}
