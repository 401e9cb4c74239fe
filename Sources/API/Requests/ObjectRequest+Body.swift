import HTTPServer
import JSON
import Objects
import QueryLanguage
import Wire

/// Bodies, as their content type has them read.
extension ObjectRequest {
  func content(_ body: RequestBody) throws(APIError) -> WriteBody {
    guard contentType == .form else { return .json(try JSONDocument.read(body)) }
    if body.bytes.isEmpty { throw APIError(.invalidRequest, "The body is empty.") }
    let pairs = try form(body)
    do throws(FormError) {
      return .form(try FormContainer(pairs))
    } catch {
      throw APIError(.invalidRequest, "The form cannot be read: \(error).")
    }
  }

  func search(_ body: RequestBody) throws -> SearchParameters {
    let query = try request.query
    if body.bytes.isEmpty { return SearchParameters(query: query) }
    if contentType == .json { return try SearchParameters(query: query, json: try JSONDocument.read(body).root) }
    return SearchParameters(query: query, form: try form(body))
  }

  private func form(_ body: RequestBody) throws(APIError) -> QueryPairs {
    let mark = JSONDocument.byteOrderMark
    if body.bytes.dropFirst(body.bytes.starts(with: mark) ? mark.count : 0).first == UInt8(ascii: "{") {
      throw APIError(
        .invalidRequest, "The body looks like JSON; send it with the header Content-Type: application/json.")
    }
    do throws(FormError) {
      return try QueryPairs(utf8: body.bytes)
    } catch {
      throw APIError(.invalidRequest, "The form cannot be read: \(error).")
    }
  }
}
