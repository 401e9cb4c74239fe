import Wire

/// Calls of the API with its real address, for shells and programs. The secret comes from the environment, so that what
/// is copied has none in it.
struct APIExamples {
  struct Example: Sendable {
    var name: String
    var text: String
  }

  let base: String
  let user: String
  let call: APICall

  private var url: String { "\(base)/\(call.path)" }

  /// With a token, and last with the password.
  var all: [Example] {
    [
      Example(name: "curl", text: curl), Example(name: "Python", text: python),
      Example(name: "PowerShell", text: powerShell),
      Example(
        name: "curl, with the password",
        text: CurlText.line(base: base, user: user, path: call.path, body: call.body.map { ($0, "POST") })),
    ]
  }

  private var curl: String {
    let line = "curl -g -H \"Authorization: Bearer $SOJOURN_TOKEN\" \(ShellWord.quoted(url))"
    guard let body = call.body else { return line }
    return line + " \\\n  -H 'Content-Type: application/json' \\\n  -d \(ShellWord.quoted(body))"
  }

  private var python: String {
    let json = call.body == nil ? "" : ", \"Content-Type\": \"application/json\""
    let data = call.body.map { "    data=\(Self.pythonText($0)).encode(),\n" } ?? ""
    return """
      import json, os, urllib.request

      request = urllib.request.Request(
          \(Self.pythonText(url)),
      \(data)    headers={"Authorization": "Bearer " + os.environ["SOJOURN_TOKEN"]\(json)},
      )
      with urllib.request.urlopen(request) as answer:
          print(json.dumps(json.load(answer), indent=2))
      """
  }

  /// The body as bytes: older versions send texts in Latin-1.
  private var powerShell: String {
    let body = call.body.map { body in
      "$body = [System.Text.Encoding]::UTF8.GetBytes(\(Self.powerShellText(body)))\n"
    }
    let post = call.body == nil ? "" : "-Method Post -ContentType 'application/json' -Body $body "
    return """
      $headers = @{ Authorization = "Bearer $env:SOJOURN_TOKEN" }
      \(body ?? "")Invoke-RestMethod -Headers $headers \(post)-Uri \(Self.powerShellText(url)) | ConvertTo-Json -Depth 10
      """
  }

  static func pythonText(_ text: String) -> String {
    let pairs = [("\\", "\\\\"), ("\"", "\\\""), ("\n", "\\n"), ("\r", "\\r")]
    return "\"" + pairs.reduce(text) { $0.replacing(scalars: $1.0, with: $1.1) } + "\""
  }

  static func powerShellText(_ text: String) -> String { "'" + text.replacing(scalars: "'", with: "''") + "'" }
}
