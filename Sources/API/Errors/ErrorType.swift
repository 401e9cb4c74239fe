/// The types of errors that the API answers with: one table, which the answers, the page at
/// `/docs/errors` and the tests read (api.md section 5). A type is stable and for programs.
package enum ErrorType: String, CaseIterable, Sendable {
  case permissionDenied = "PERMISSION_DENIED"
  case accountNotFound = "ACCOUNT_NOT_FOUND"
  case routeError = "ROUTE_ERROR"
  case objectNotFound = "OBJECT_NOT_FOUND"
  case invalidRequest = "INVALID_API_REQUEST"
  case invalidValue = "INVALID_VALUE"
  case conflict = "CONFLICT"
  case tooManyRequests = "TOO_MANY_REQUESTS"
  case internalError = "INTERNAL_SERVER_ERROR"
  case unavailable = "SERVICE_UNAVAILABLE"
  case operationSkipped = "OPERATION_SKIPPED"

  /// The status without a cause that has another.
  package var status: Int? {
    switch self {
    case .permissionDenied: 403
    case .accountNotFound, .routeError, .objectNotFound: 404
    case .invalidRequest: 400
    case .invalidValue: 422
    case .conflict: 412
    case .tooManyRequests: 429
    case .internalError: 500
    case .unavailable: 503
    case .operationSkipped: nil
    }
  }

  /// Statuses that particular causes have instead.
  package var otherStatuses: [Int] {
    switch self {
    case .invalidRequest: [413, 414, 415, 416, 431]
    case .conflict: [409]
    default: []
    }
  }

  /// One sentence, the same for every error of the type.
  package var title: String {
    switch self {
    case .permissionDenied: "These credentials may not do this."
    case .accountNotFound: "There is no such deployment."
    case .routeError: "There is nothing at this method and path."
    case .objectNotFound: "There is no such object."
    case .invalidRequest: "The request's form is wrong."
    case .invalidValue: "The data model refuses a value."
    case .conflict: "A precondition of the request does not hold."
    case .tooManyRequests: "Too many requests in a short time."
    case .internalError: "The server made a mistake."
    case .unavailable: "The server cannot do this at the moment."
    case .operationSkipped: "The operation was not tried because of another one's failure."
    }
  }

  /// What a person should do, for the documentation.
  package var remedy: String {
    switch self {
    case .permissionDenied:
      "Use credentials that may do this: a read-only token cannot write, and what devices may do is the deployment's setting device_access. An enrolment token works once and for a time. Where an attachment's address has expired, read the object again for a fresh one."
    case .accountNotFound:
      "Check the deployment id in the path: 24 lower-case hex digits, as `sojourn deployment list` prints them."
    case .routeError:
      "Check the method, the path and the model's name. `datamodel.json` lists the models."
    case .objectNotFound:
      "The object does not exist or was deleted. Ids are UUIDs in lower case."
    case .invalidRequest:
      "The detail names what is wrong with the body, a header or a parameter, and what is expected. The status tells the kind: 413 too large, 414 a request line too long, 415 a content type or encoding that is not read, 416 a range that cannot be served, 431 too large a head, 400 all else."
    case .invalidValue:
      "The detail names the field, the value and what the field takes. Compare with `datamodel.json`."
    case .conflict:
      "Read the object again, apply the change to what it has become, and repeat. With status 409, use a fresh idempotency key for another request."
    case .tooManyRequests: "Wait as many seconds as `Retry-After` says, then repeat."
    case .internalError:
      "This is our fault, not yours. Give the `X-Request-Id` of the answer to whoever runs the server: the log has the reason under it."
    case .unavailable:
      "Wait as many seconds as `Retry-After` says, then repeat. Nothing of the request was done, unless the detail says that it may be: then look first."
    case .operationSkipped: "Mend the operation that failed, and send the batch again."
    }
  }
}
