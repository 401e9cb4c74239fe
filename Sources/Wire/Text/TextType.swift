/// The `Content-Type` of each kind of text that goes out. All of them name UTF-8: the HTTP clients of
/// several platforms read Latin-1 where no charset is given, and write that back.
package enum TextType {
  package static let json = "application/json; charset=utf-8"
  package static let xml = "application/xml; charset=utf-8"
  package static let plain = "text/plain; charset=utf-8"
  package static let html = "text/html; charset=utf-8"
  package static let pem = "application/x-pem-file; charset=utf-8"
}
