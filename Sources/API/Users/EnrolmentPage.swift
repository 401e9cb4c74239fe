import Crypto
import HTTPServer
import Wire

/// The page at `/enroll/{deployment}`: what a person sees who opens a token's address, with a QR code of it
/// for the device. The token stands behind the `#`, which never reaches a server.
enum EnrolmentPage {
  static let response = Response(
    status: 200,
    headers: [
      ("Content-Type", TextType.html), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
      (
        "Content-Security-Policy",
        "default-src 'none'; script-src '\(hash(of: script))'; style-src '\(hash(of: style))'; base-uri 'none'; frame-ancestors 'none'"
      ),
    ],
    body: .block(ByteBlock(Array(page.utf8))))

  private static func hash(of text: String) -> String { "sha256-\(Base64.encode(SHA256.hash(text)))" }

  private static let page = """
    <!doctype html><html lang="en"><meta charset="utf-8"><title>Enrol a device</title>
    <meta name="viewport" content="width=device-width"><style>\(style)</style>
    <h1>Enrol a device</h1><p id="text">Scripts are off: the token is what stands behind the # of the address.</p>
    <svg id="code" role="img" aria-label="QR code of this address"></svg><p><code id="token"></code></p>
    <script>\(script)</script></html>
    """

  private static let style = """
    body{font:1.1rem system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;text-align:center;\
    background:#fff;color:#111}svg{width:100%}code{overflow-wrap:anywhere}
    """

  private static let script = """
    \(QRCodeScript.text)
    function show() {
      const token = location.hash.slice(1)
      const isToken = /^[A-Za-z0-9_-]{1,200}$/.test(token)
      const rows = isToken ? qrCode(location.href) : null
      document.getElementById('text').textContent = isToken
        ? 'Scan this with the device, or enter the token. It works once.'
        : 'The address holds no token. Ask for a fresh one.'
      document.getElementById('token').textContent = isToken ? token : ''
      const code = document.getElementById('code')
      code.replaceChildren()
      if (!rows) return
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
      path.setAttribute('d', rows.flatMap((row, y) => row.map((bit, x) => bit ? `M${x} ${y}h1v1h-1z` : '')).join(''))
      code.setAttribute('viewBox', `-4 -4 ${rows.length + 8} ${rows.length + 8}`)
      code.append(path)
    }
    addEventListener('hashchange', show)
    show()
    """
}
