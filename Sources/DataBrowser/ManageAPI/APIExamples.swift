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
  /// Nil where there is no model to ask for.
  let model: String?

  private var path: String { model.map { "objects/\(PercentText.encode($0)).json?limit=10" } ?? "datamodel.json" }
  private var url: String { "\(base)/\(path)" }

  /// With a token.
  var all: [Example] {
    [
      Example(
        name: "curl", text: "curl -g -H \"Authorization: Bearer $SOJOURN_TOKEN\" \(CurlText.quoted(url))"),
      Example(name: "Python", text: python),
      Example(name: "PowerShell", text: powerShell),
      Example(
        name: "curl, with the password", text: CurlText.line(base: base, user: user, path: path)),
    ]
  }

  private var python: String {
    """
    import json, os, urllib.request

    request = urllib.request.Request(
        \(Self.pythonText(url)),
        headers={"Authorization": "Bearer " + os.environ["SOJOURN_TOKEN"]},
    )
    with urllib.request.urlopen(request) as answer:
        print(json.dumps(json.load(answer), indent=2))
    """
  }

  private var powerShell: String {
    """
    $headers = @{ Authorization = "Bearer $env:SOJOURN_TOKEN" }
    Invoke-RestMethod -Headers $headers -Uri \(Self.powerShellText(url)) | ConvertTo-Json -Depth 10
    """
  }

  private static func pythonText(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func powerShellText(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
