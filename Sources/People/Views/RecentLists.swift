import Storage
import Synchronization

/// The models that people opened last, by person and deployment: a page costs no write. What changed is written once a
/// minute.
final class RecentLists: Sendable {
  struct Key: Hashable {
    var person: PersonID
    var deployment: String
  }

  /// Models of a list.
  static let most = 20
  /// Lists in memory; those that are written go first, and beyond that nothing is noted.
  static let mostLists = 1000

  private struct Lists {
    var models: [Key: [String]] = [:]
    var changed: Set<Key> = []
  }

  private let lists = Mutex(Lists())

  /// Nil where it was not read yet, or not kept.
  func list(_ key: Key) -> [String]? { lists.withLock { $0.models[key] } }

  /// Keeps what was read; who noted something meanwhile knows better.
  func keep(_ models: [String], for key: Key) {
    lists.withLock { lists in
      guard lists.models[key] == nil else { return }
      if lists.models.count >= Self.mostLists {
        lists.models = lists.models.filter { lists.changed.contains($0.key) }
      }
      if lists.models.count < Self.mostLists { lists.models[key] = models }
    }
  }

  /// Puts a model in front.
  func note(_ model: String, for key: Key) {
    lists.withLock { lists in
      guard var models = lists.models[key], models.first != model else { return }
      models.removeAll { $0 == model }
      models.insert(model, at: 0)
      lists.models[key] = Array(models.prefix(Self.most))
      lists.changed.insert(key)
    }
  }

  /// Hands over the lists that changed, to be written.
  func take() -> [RecentModels] {
    lists.withLock { lists in
      defer { lists.changed = [] }
      return lists.changed.map { key in
        RecentModels(person: key.person, deployment: key.deployment, models: lists.models[key] ?? [])
      }
    }
  }

  /// What could not be written is to be written later.
  func giveBack(_ taken: [RecentModels]) {
    lists.withLock { lists in
      for list in taken {
        let key = Key(person: list.person, deployment: list.deployment)
        if lists.models[key] != nil { lists.changed.insert(key) }
      }
    }
  }
}
