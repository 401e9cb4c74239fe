import HTTPServer
import Wire

/// The headers that keep a page from being anything but what the server wrote.
package enum PageHeaders {
  /// Scripts and styles come from files of ours, nothing from elsewhere; forms and frames stay here; markup that a
  /// script makes goes through the one policy that our modules export.
  static func contentSecurityPolicy(imagesFrom origins: [String]) -> String {
    let images = (["'self'"] + origins).joined(separator: " ")
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src \(images); connect-src 'self'; "
      + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
      + "trusted-types sojourn"
  }

  private static let usualPolicy = contentSecurityPolicy(imagesFrom: [])

  /// - Parameters:
  ///   - origins: of pictures, where attachments have an origin of their own.
  ///   - isCompressible: whether it may be compressed on its way.
  package static func page(
    imagesFrom origins: [String] = [], isCompressible: Bool = true
  ) -> [(name: String, value: String)] {
    [
      ("Content-Type", TextType.html), ("Cache-Control", isCompressible ? "no-store" : "no-store, no-transform"),
      ("Content-Security-Policy", origins.isEmpty ? usualPolicy : contentSecurityPolicy(imagesFrom: origins)),
    ] + isolation
  }

  /// For a year. Without the hosts below: they are not ours to speak for.
  package static let strict = (name: "Strict-Transport-Security", value: "max-age=31536000")

  /// `no-referrer` would blank the `Origin` of forms.
  package static let isolation: [(name: String, value: String)] = [
    ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
  ]
}
