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

  /// The documents of one deployment, gone when a setting changes, since one of these is the label.
  private final class Documents: Sendable {
    struct Entry {
      let modelVersion: Int
      let base: String
      let made: Made
    }

    let entries = Mutex<[Kind: Entry]>([:])
  }

  private struct Remembered {
    weak var documents: Documents?
  }

  /// Documents of the deployment that was asked for longest ago are forgotten beyond so many deployments.
  private static let most = 100
  private let slot = DeploymentSlot<Documents>(.revision)
  private let limits: TransportLimits
  private let filled = Mutex<[Remembered]>([])

  init(limits: TransportLimits) { self.limits = limits }

  /// `origin` is the scheme and host that the document's addresses begin with.
  func document(_ kind: Kind, of deployment: Deployment, origin: String) async -> Made {
    // Before anything that a change of it could make stale.
    let documents = deployment.value(in: slot) { Documents() }
    let dataModel = deployment.store.dataModel
    let base = "\(origin)/api/v4/\(deployment.id)"
    let kept = documents.entries.withLock { entries in
      entries[kind].flatMap { $0.modelVersion == dataModel.version && $0.base == base ? $0.made : nil }
    }
    if let kept { return kept }
    // A large model takes milliseconds, which a connection's thread does not have.
    await Task.yield()
    let label = deployment.value(of: .label) ?? deployment.record.name
    let made = make(kind, OpenAPIDocument(dataModel: dataModel, label: label, base: base, limits: limits))
    let isFirst = documents.entries.withLock { entries in
      entries[kind] = Documents.Entry(modelVersion: dataModel.version, base: base, made: made)
      return entries.count == 1
    }
    if isFirst { note(documents) }
    return made
  }

  private func make(_ kind: Kind, _ document: OpenAPIDocument) -> Made {
    var document = document
    let block: ByteBlock
    switch kind {
    case .openAPI(let forms):
      document.hasForms = forms
      block = document.block
    case .page: block = DeploymentPage(document: document).block
    }
    return Made(block: block, tag: EntityTag(of: block.bytes))
  }

  private func note(_ documents: Documents) {
    let forgotten = filled.withLock { filled in
      filled.append(Remembered(documents: documents))
      return filled.count > Self.most ? filled.removeFirst() : nil
    }
    forgotten?.documents?.entries.withLock { $0 = [:] }
  }
}
