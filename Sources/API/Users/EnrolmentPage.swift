import HTTPServer
import Wire

/// The page at `/enroll/{deployment}`: what a person sees who opens a token's address. The token stands behind
/// the `#`, which never reaches a server.
enum EnrolmentPage {
  static let response = Response(
    status: 200,
    headers: [
      ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
      ("Content-Security-Policy", "default-src 'none'; script-src 'sha256-\(hash)'; frame-ancestors 'none'"),
    ],
    body: .block(ByteBlock(Array(page.utf8))))

  private static let hash = Base64.encode(SHA256.hash(script))

  private static let page = """
    <!doctype html><html lang="en"><meta charset="utf-8"><title>Enrol a device</title>
    <meta name="viewport" content="width=device-width">
    <h1>Enrol a device</h1><p id="text">Scripts are off: the token is what stands behind the # of the address.</p>
    <p><code id="token"></code></p><script>\(script)</script></html>
    """

  private static let script = """
    const token = location.hash.slice(1)
    const text = document.getElementById('text')
    if (/^[A-Za-z0-9_-]{1,200}$/.test(token)) {
      text.textContent = 'Enter this token in the app. It works once.'
      document.getElementById('token').textContent = token
    } else {
      text.textContent = 'The address holds no token. Ask for a fresh one.'
    }
    """
}
