import Deployments
import HTTPServer
import Storage
import Synchronization
import Wire

/// The documents that describe deployments, made when they are asked for and kept while the data
/// model, the label and the address stay as they are. The last one of each kind and deployment is
/// kept: where many addresses lead to one server, they take turns.
final class DescriptionCache: Sendable {
  enum Kind: Hashable {
    /// With or without forms as bodies.
    case openAPI(forms: Bool)
    case page
  }

  struct Made: Sendable {
    let block: ByteBlock
    let tag: EntityTag
  }

  private struct Key: Hashable {
    let deployment: String
    let kind: Kind
  }

  private struct Entry {
    let dataModel: StoredDataModel
    let label: String
    let base: String
    let made: Made
  }

  /// Deployments are forgotten beyond so many documents.
  private static let most = 200
  private let limits: TransportLimits
  private let entries = Mutex<[Key: Entry]>([:])

  init(limits: TransportLimits) { self.limits = limits }

  /// `origin` is the scheme and host that the document's addresses begin with.
  func document(_ kind: Kind, of deployment: Deployment, origin: String) async -> Made {
    let dataModel = deployment.store.dataModel
    let label = deployment.value(of: .label) ?? deployment.record.name
    let base = "\(origin)/api/v4/\(deployment.id)"
    let key = Key(deployment: deployment.id, kind: kind)
    let kept = entries.withLock { entries in
      entries[key].flatMap { $0.dataModel === dataModel && $0.label == label && $0.base == base ? $0.made : nil }
    }
    if let kept { return kept }
    // A large model takes milliseconds, which a connection's thread does not have.
    await Task.yield()
    var document = OpenAPIDocument(dataModel: dataModel, label: label, base: base, limits: limits)
    let block: ByteBlock
    switch kind {
    case .openAPI(let forms):
      document.hasForms = forms
      block = document.block
    case .page: block = DeploymentPage(document: document).block
    }
    let made = Made(block: block, tag: EntityTag(of: block.bytes))
    entries.withLock { entries in
      if entries.count >= Self.most { entries.removeAll() }
      entries[key] = Entry(dataModel: dataModel, label: label, base: base, made: made)
    }
    return made
  }
}
