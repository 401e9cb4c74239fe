import CPostgres
import ServerUnderTest

/// A session that has sent a pipeline without its end: the server has done what there is, and waits for the rest.
final class OpenPipeline {
  private let handle: OpaquePointer

  init(_ address: String, _ statements: [String]) throws {
    guard let made = PQconnectdb(address) else { throw TestFault("libpq has no memory left") }
    handle = made
    guard PQstatus(made) == CONNECTION_OK, PQenterPipelineMode(made) == 1 else {
      throw TestFault(String(cString: PQerrorMessage(made)))
    }
    for sql in statements {
      guard PQsendQueryParams(made, sql, 0, nil, nil, nil, nil, 0) == 1 else { throw TestFault("not sent: \(sql)") }
    }
    guard PQsendFlushRequest(made) == 1, PQflush(made) == 0 else { throw TestFault("the pipeline was not sent") }
  }

  deinit { PQfinish(handle) }
}
