import CPostgres

/// Hands pipelines to libpq. It keeps the tables of addresses and lengths that libpq wants, for the next time.
struct PostgresSending {
  /// What the server is to answer, in order.
  enum Expected {
    /// That the statement was prepared.
    case preparation(Int)
    case answer(Int)
  }

  private var types: [Oid] = []
  private var addresses: [UnsafePointer<CChar>?] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []
  private static let isBinary: Int32 = 1

  /// All of it lies in libpq's memory then, up to the Sync, and leaves as fast as the socket takes it.
  mutating func send(
    _ pipeline: borrowing PostgresPipeline, to handle: OpaquePointer, prepared: inout PreparedStatements
  ) throws(PostgresFault) -> [Expected] {
    var expected: [Expected] = []
    expected.reserveCapacity(pipeline.count + 1)
    var isSent = true
    pipeline.parameters.bytes.withUnsafeBytes { bytes in
      for (index, statement) in pipeline.statements.enumerated() where isSent {
        fill(pipeline.parameters.values[statement.values], from: bytes)
        guard statement.isKept else {
          isSent = execute(statement.sql, on: handle)
          expected.append(.answer(index))
          continue
        }
        let (name, isNew) = prepared.name(of: statement.sql)
        if isNew {
          isSent = PQsendPrepare(handle, name, statement.sql, Int32(types.count), types) == 1
          expected.append(.preparation(index))
        }
        isSent = isSent && execute(prepared: name, on: handle)
        expected.append(.answer(index))
      }
    }
    guard isSent, PQpipelineSync(handle) == 1 else {
      throw PostgresFault(.lost, PostgresFault.line(PQerrorMessage(handle)))
    }
    return expected
  }

  private mutating func fill(_ values: ArraySlice<PostgresParameters.Value>, from bytes: UnsafeRawBufferPointer) {
    types.removeAll(keepingCapacity: true)
    addresses.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    formats.removeAll(keepingCapacity: true)
    for value in values {
      types.append(value.type)
      addresses.append(Self.address(of: value, in: bytes))
      lengths.append(value.count)
      formats.append(Self.isBinary)
    }
  }

  /// A null has none; an empty value has one, or it would be null.
  private static func address(
    of value: PostgresParameters.Value, in bytes: UnsafeRawBufferPointer
  ) -> UnsafePointer<CChar>? {
    if value.start < 0 { return nil }
    guard let base = bytes.baseAddress else { return Self.nothing }
    assert(value.start + Int(value.count) <= bytes.count, "a value outside its bytes")
    return (base + value.start).assumingMemoryBound(to: CChar.self)
  }

  private func execute(_ sql: String, on handle: OpaquePointer) -> Bool {
    PQsendQueryParams(handle, sql, Int32(types.count), types, addresses, lengths, formats, Self.isBinary) == 1
  }

  private func execute(prepared name: String, on handle: OpaquePointer) -> Bool {
    PQsendQueryPrepared(handle, name, Int32(types.count), addresses, lengths, formats, Self.isBinary) == 1
  }

  /// The address of values without bytes. It is never read or written, and lives as long as the process.
  nonisolated(unsafe) private static let nothing: UnsafePointer<CChar> = {
    let place = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    place.pointee = 0
    return UnsafePointer(place)
  }()
}
