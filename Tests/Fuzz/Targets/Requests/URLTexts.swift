import Glibc
import HTTPServer
import Wire

@testable import APIClient
@testable import CommandLineTable
@testable import Web
@testable import Webhooks

/// Addresses that people give: of endpoints, of this server, of an API, of networks, of links in texts.
enum URLTexts {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let text = input.text
    try networks(text)
    if let endpoint = try? Endpoint(text) {
      try promise(!endpoint.host.isEmpty && endpoint.port > 0, "an endpoint has host and port: \(endpoint)")
      try promise(try? Endpoint(endpoint.text), is: endpoint, "an endpoint is read from its text")
    }
    if case .success(let address) = ListenAddress.read(text) {
      guard case .success(address) = ListenAddress.read(address.description) else {
        throw BrokenPromise("\(address) is not read as it is printed")
      }
      try promise(plainPort(text), "a port has digits alone: \(text)")
    }
    if CommandLineTable.WebAddress.problem(with: text) == nil {
      try promise(plainPort(text), "a port has digits alone: \(text)")
    }
    if let base = try? BaseURL(text) {
      try promise(try? BaseURL(base.description), is: base, "a base URL is read from its text")
      try promise(plainPort(text), "a port has digits alone: \(text)")
    }
    if let link = Web.WebAddress(text) {
      try promise(link.text, is: text, "an address that is let through stays as it is")
      try promise(link.origin.map { text.hasPrefix($0) } ?? true, "an origin begins its address: \(text)")
    }
  }

  /// A network holds the address that it is written with, and addresses print as themselves.
  private static func networks(_ text: String) throws(BrokenPromise) {
    if let address = NetworkAddress(text) {
      try promise(
        text.utf8.allSatisfy { hexDigit($0) != nil || $0 == 0x3A || $0 == 0x2E }, "an address has digits: \(text)")
      try promise(NetworkAddress(address.description), is: address, "an address is read as it is printed")
      _ = AddressGuard().permits(address)
    }
    guard let range = try? NetworkRange(text) else { return }
    let first = text.split(separator: "/")[0]
    if let address = NetworkAddress(String(first)) {
      try promise(range.contains(address), "a range holds the address that it is written with: \(text)")
    }
  }

  private static func plainPort(_ text: String) -> Bool {
    let authority = text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else { return true }
    return authority[authority.index(after: colon)...].utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
  }
}
