import Wire

// What is kept beside the objects: users, bytes, webhooks, leases; and the end of the oplog.

extension StepRule {
  static func needs(_ step: KeptStep) -> KeptNeeds {
    var needs = KeptNeeds()
    switch step {
    case .appUser, .forget: break
    case .user(let id, _, _): needs.user = id
    case .token(let token, _): needs.user = token.user
    case .enrol(let request): needs.token = request.tokenHash
    case .connections(let connections): needs.connections = Array(connections.keys)
    case .lost(let keys, _), .remove(let keys, _): needs.blobs = keys.map(\.hash)
    case .sweep(let second, let most): needs.unlinked = (second, most)
    case .mend(_, let most): needs.miscounts = most
    case .webhook(let change): needs.webhook = change.record.name
    case .signingKey: needs.needsSigningKey = true
    case .lease(let act): needs.lease = act.name
    case .trim(let cut, _): needs.trim = cut
    }
    return needs
  }

  static func needs(_ step: KeptStep, _ kept: KeptRows?) -> KeptNeeds? {
    switch step {
    case .trim(_, let isForced): return needs(trimming: isForced, kept)
    case .enrol:
      guard let user = kept?.token?.user else { return nil }
      var needs = KeptNeeds()
      needs.user = user
      return needs
    default: return nil
    }
  }

  static func apply(_ step: KeptStep, _ kept: KeptRows, _ context: StepContext) -> Effect {
    switch step {
    case .appUser(let name):
      return name == context.appUser ? Effect(.kept(.done)) : storing(.done) { $0.appUser = .some(name) }
    case .user(let id, let act, let now): return change(id, act, at: now, kept)
    case .token(let token, let horizon):
      guard kept.isUserThere else { return Effect(.kept(.noUser)) }
      return storing(.done) {
        $0.horizon = horizon
        $0.token = token
      }
    case .enrol(let request): return enrol(request, kept)
    case .connections(let connections): return note(connections, kept)
    case .lost(let keys, let areLost):
      var draft = LedgerDraft(kept, at: context.second)
      for key in keys { draft.note(key, isLost: areLost) }
      return Effect(.kept(.done), kept: changes(of: draft))
    case .sweep: return sweep(kept, context)
    case .remove(let keys, let second): return remove(keys, unneededBefore: second, kept)
    case .forget(let keys): return storing(.done) { $0.forgotten = keys }
    case .mend(let second, _): return mend(kept, at: second)
    case .webhook(let change): return keep(change, over: kept.webhookRevision)
    case .signingKey(let key):
      if let first = kept.signingKey { return Effect(.kept(.signingKey(first))) }
      return storing(.signingKey(key)) { $0.signingKey = key }
    case .lease(let act): return perform(act, kept.lease, context)
    case .trim(_, let isForced): return trim(evenIfNeeded: isForced, kept)
    }
  }

  private static func storing(_ outcome: KeptOutcome, _ change: (inout KeptChanges) -> Void) -> Effect {
    var changes = KeptChanges()
    change(&changes)
    return Effect(.kept(outcome), kept: changes)
  }

  // MARK: Users.

  private static func change(_ id: ObjectID, _ act: UserAct, at now: Instant, _ kept: KeptRows) -> Effect {
    guard kept.user != nil || kept.isUserThere else { return Effect(.kept(.noUser)) }
    var user = kept.user ?? UserRecord(id: id)
    user.perform(act, at: now)
    return storing(.user(user)) {
      $0.user = KeptChanges.UserChange(old: kept.user, new: user)
      $0.endsSessions = true
    }
  }

  private static func enrol(_ request: EnrolmentRequest, _ kept: KeptRows) -> Effect {
    let refusal = EnrolmentOutcome.refusal(
      of: kept.token, isUserThere: kept.isUserThere, isLocked: kept.user?.isLocked ?? false, at: request.at)
    if let refusal { return Effect(.kept(.enrolment(refusal))) }
    guard var token = kept.token else { return Effect(.kept(.enrolment(.unknownToken))) }
    var user = kept.user ?? UserRecord(id: token.user)
    let session = user.enrol(
      request.about, secretHash: request.secretHash, newID: request.newID, allowsMany: request.allowsMany,
      at: request.at)
    token.usedAt = request.at
    return storing(.enrolment(.enrolled(user: user.id, session: session.id))) {
      $0.user = KeptChanges.UserChange(old: kept.user, new: user)
      $0.token = token
      $0.endsSessions = true
    }
  }

  private static func note(_ connections: [ObjectID: Instant], _ kept: KeptRows) -> Effect {
    storing(.done) { changes in
      for (session, known) in kept.connections {
        guard let time = connections[session], known.map({ $0 < time }) ?? true else { continue }
        changes.connections.append((session, time))
      }
    }
  }

  // MARK: Bytes.

  private static func sweep(_ kept: KeptRows, _ context: StepContext) -> Effect {
    var draft = LedgerDraft(kept, at: context.second)
    for row in kept.unlinked {
      if let hash = row.hash { draft.unneed(hash, since: row.unlinkedSince ?? context.second) }
    }
    return storing(.count(kept.unlinked.count)) {
      $0.removedAttachments = kept.unlinked.map(\.id)
      draft.put(into: &$0)
    }
  }

  private static func remove(_ keys: [BlobKey], unneededBefore second: Int64, _ kept: KeptRows) -> Effect {
    let removing = BlobRule.removable(keys, unneededBefore: second, kept)
    return storing(.removing(removing)) { changes in
      changes.removing = removing
      changes.removedBlobs = removing.filter { kept.blobs[$0.hash]?.generation == $0.generation }.map(\.hash)
    }
  }

  /// An attachment that is not noted is known by its id alone: its bytes are still to come. Bytes that are not noted
  /// are looked for where they came first.
  private static func mend(_ kept: KeptRows, at second: Int64) -> Effect {
    storing(.count(max(kept.miscounts.links.count, kept.miscounts.blobs.count))) { changes in
      for wrong in kept.miscounts.links {
        var row = kept.attachments[wrong.name] ?? LedgerRow(id: wrong.name, createdAt: second, links: 0)
        row.links = wrong.found
        row.unlinkedSince = wrong.found == 0 ? row.unlinkedSince ?? second : nil
        changes.attachments.append(row)
      }
      for wrong in kept.miscounts.blobs {
        var blob =
          kept.blobs[wrong.name]
          ?? BlobRow(
            hash: wrong.name,
            generation: kept.removing[wrong.name] == nil ? BlobKey.firstGeneration : kept.generation(of: wrong.name),
            size: kept.sizes[wrong.name] ?? 0, attachments: 0)
        blob.attachments = wrong.found
        blob.unneededSince = wrong.found == 0 ? blob.unneededSince ?? second : nil
        changes.blobs.append(blob)
      }
    }
  }

  // MARK: Webhooks and leases.

  /// A record changes by compare-and-set: who holds an older one loads it anew.
  private static func keep(_ change: WebhookChange, over revision: Int64?) -> Effect {
    guard change.record.revision == revision ?? 0 else { return Effect(.kept(.otherRevision)) }
    return storing(.done) {
      $0.webhook = change
      $0.webhook?.record.revision += 1
    }
  }

  private static func perform(_ act: LeaseAct, _ row: LeaseRow?, _ context: StepContext) -> Effect {
    switch act {
    case .take(let name, let holder, let milliseconds):
      guard
        let taken = LeaseRule.taken(row, name: name, by: holder, for: milliseconds, at: context.milliseconds)
      else { return Effect(.kept(.leaseHeld)) }
      return storing(.lease(LeaseHold(name: name, number: taken.number))) { $0.lease = taken }
    case .giveUp(let hold):
      guard let ended = LeaseRule.givenUp(row, hold) else { return Effect(.kept(.done)) }
      return storing(.done) { $0.lease = ended }
    }
  }
}
