import Crypto
import HTTPServer
import Wire

/// A file that pages load: a style sheet, a module, an icon. It is a literal of the program.
package struct Asset: Sendable {
  package enum Kind: Sendable {
    case style, module, icon

    var type: String {
      switch self {
      case .style: "text/css; charset=utf-8"
      case .module: "text/javascript; charset=utf-8"
      case .icon: "image/svg+xml"
      }
    }
  }

  package let name: String
  package let kind: Kind
  package let text: String

  package init(_ name: String, _ kind: Kind, _ text: String) {
    self.name = name
    self.kind = kind
    self.text = text
  }
}

/// All files of the pages under one hash: modules import each other by relative paths, so a change of one gives all
/// of them new addresses, and each may be kept for good.
package struct AssetFolder: Sendable {
  package let assets: [Asset]
  /// 16 hex digits.
  package let hash: String
  private let blocks: [String: (asset: Asset, bytes: ByteBlock)]

  package init(_ assets: [Asset]) {
    self.assets = assets
    var all: [UInt8] = []
    for asset in assets {
      all += Array(asset.name.utf8) + [0] + Array(asset.text.utf8) + [0]
    }
    hash = Hex.encode(Array(SHA256.hash(all).prefix(8)))
    blocks = Dictionary(
      assets.map { ($0.name, ($0, ByteBlock(Array($0.text.utf8)))) }, uniquingKeysWith: { first, _ in first })
  }

  /// Nil for a file that there is not. One of another version of the program is not there.
  package func response(to file: String, hash: String) -> Response? {
    guard hash == self.hash, let found = blocks[file] else { return nil }
    return Response(
      status: 200,
      headers: [
        ("Content-Type", found.asset.kind.type), ("Cache-Control", "public, max-age=31536000, immutable"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
      ], body: .block(found.bytes))
  }
}
