import HTTPServer
import Wire

/// `X-HTTP-Method-Override`: what `POST` says that means another method, since some platforms' clients cannot
/// send that one (api.md section 2). Under `/api/` alone; with any other method it says nothing.
enum MethodOverride {
  /// The method that a request means; nil where it means its own.
  static func method(of head: RequestHead) -> Method? {
    guard concerns(head) else { return nil }
    let names = head.headers.all(header)
    return names.count == 1 ? methods[names[0]] : nil
  }

  /// What is wrong with the header of a request whose method it did not change.
  static func fault(in head: RequestHead) -> APIError? {
    guard concerns(head) else { return nil }
    let names = head.headers.all(header)
    if names.isEmpty { return nil }
    let given = names.map { "\"\($0)\"" }.joined(separator: ", ")
    return APIError(
      .invalidRequest, "X-HTTP-Method-Override takes PATCH, PUT or DELETE, once, not \(CutText.cut(given)).")
  }

  private static func concerns(_ head: RequestHead) -> Bool {
    head.method == .post && head.rawPath.utf8.starts(with: "/api/".utf8)
  }

  private static let header = "x-http-method-override"
  private static let methods: [String: Method] = ["PATCH": .patch, "PUT": .put, "DELETE": .delete]
}
