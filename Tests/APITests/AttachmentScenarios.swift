import HTTPServer
import JSON
import Testing
import Wire

@Suite("Attachments")
struct AttachmentScenarios {
  private typealias Samples = AttachmentSamples

  @Test("come inline, are printed with addresses, and go out as they came")
  func inline() async throws {
    try await TestAPI.withAttachments { api in
      let made = await api.create("\"name\":\"a\",\"pass\":\(Samples.upload(Samples.pdf, "boarding pass.pdf"))")
      #expect(made.status == 200, "\(made.text)")
      let id = made.json?["id"]?.string ?? ""
      let attachment = made.json?["pass_id"]?.string ?? ""
      #expect(ObjectID(attachment) != nil)
      #expect(made.json?["pass"]?["state"]?.string == "uploaded")
      #expect(made.json?["pass"]?.members.map(\.key) == ["state", "original"])
      #expect(made.json?["display"]?.string == "a \(attachment)")
      #expect(await api.send(.get, "objects/crate/\(id)").text == made.text)

      let address = made.json?["pass"]?["original"]?.string ?? ""
      #expect(
        address.hasPrefix("http://localhost/api/v4/\(api.deploymentID)/attachments/\(attachment)/original?expires="))
      let got = await api.fetch(address)
      #expect(got.status == 200 && got.text == Samples.pdf)
      #expect(got.headers["content-type"] == "application/pdf")
      #expect(got.headers["content-disposition"] == "inline; filename=\"boarding pass.pdf\"")
      #expect(got.headers["access-control-allow-origin"] == "*")
      #expect(got.headers["cache-control"]?.hasPrefix("private, max-age=172800") == true)
    }
  }

  @Test("come in forms too")
  func form() async throws {
    try await TestAPI.withAttachments { api in
      let text = Samples.base64(Samples.pdf).replacing("+", with: "%2B").replacing("=", with: "%3D")
      let made = await api.send(
        .post, "objects/crate", "crate[pass][base64]=\(text)&crate[pass][filename]=a.pdf",
        headers: ["Content-Type": "application/x-www-form-urlencoded"])
      #expect(made.json?["pass"]?["state"]?.string == "uploaded", "\(made.text)")
      #expect(await api.fetch(made.json?["pass"]?["original"]?.string).text == Samples.pdf)
    }
  }

  /// A field, the bytes, and the keys of what is printed.
  private static let forms: [(field: String, bytes: [UInt8], keys: [String])] = [
    ("pass", Array(Samples.pdf.utf8), ["state", "original"]),
    ("photo", Samples.pngBytes, ["state", "original", "thumbnail", "fullscreen"]),
    ("photo", Samples.jpegBytes, ["state", "original", "thumbnail", "fullscreen"]),
    ("sign", Samples.pngBytes, ["state", "original", "thumbnail", "fullscreen"]),
    ("sign", Array(Samples.svg.utf8), ["state", "original", "thumbnail", "fullscreen", "svg"]),
    ("file", Samples.pngBytes, ["state", "original", "thumbnail", "fullscreen"]),
    ("file", [], ["state", "original"]), ("file", [0, 1, 2], ["state", "original"]),
    ("sheet", Array("a,b\n".utf8), ["state", "original"]),
    ("page", Array("<a/>".utf8), ["state", "original"]),
  ]

  @Test("have the addresses that fit what they are")
  func variants() async throws {
    try await TestAPI.withAttachments { api in
      for form in Self.forms {
        let made = await api.create("\"\(form.field)\":\(Samples.upload(form.bytes))")
        #expect(made.json?[form.field]?.members.map(\.key) == form.keys, "\(form.field): \(made.text)")
      }
    }
  }

  /// What a PATCH says of a field that has an attachment, and what the field then is.
  private static let clears: [(members: String, isKept: Bool)] = [
    ("\"pass\":null", false), ("\"pass_id\":null", false), ("\"pass\":null,\"pass_id\":null", false),
    ("\"pass\":null,\"pass_id\":\"ID\"", true), ("\"pass_id\":\"ID\"", true),
    ("\"pass\":{\"state\":\"uploaded\",\"original\":\"https://x\"},\"pass_id\":null", false),
    ("\"pass\":{\"state\":\"uploaded\"},\"pass_id\":\"ID\"", true), ("\"pass\":{\"state\":\"pending\"}", true),
    ("\"name\":\"b\"", true),
  ]

  @Test("are linked, kept and cleared under either name")
  func clearing() async throws {
    try await TestAPI.withAttachments { api in
      for row in Self.clears {
        let made = await api.create("\"pass\":\(Samples.upload(Samples.pdf))").json
        let attachment = made?["pass_id"]?.string ?? ""
        let members = row.members.replacing("ID", with: attachment)
        let patched = await api.patch(made?["id"]?.string ?? "", members)
        #expect(patched.status == 200, "\(members): \(patched.text)")
        #expect(patched.json?["pass_id"]?.string == (row.isKept ? attachment : nil), "\(members)")
        #expect(patched.json?["pass"]?.isNull == !row.isKept, "\(members)")
      }
    }
  }

  @Test("keep their id when the same bytes come again under the same name, which writes nothing")
  func repeats() async throws {
    try await TestAPI.withAttachments { api in
      let members = "\"pass\":\(Samples.upload(Samples.pdf, "a.pdf"))"
      let id = "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11"
      let batch =
        "{\"operations\":[{\"method\":\"put\",\"object\":{\"type\":\"crate\",\"id\":\"\(id)\",\(members)}}]}"
      #expect(await api.send(.post, "batch", batch).text.contains("\"success\":true"))
      let first = await api.crate(id)?["pass_id"]?.string
      #expect(first != nil)
      #expect(await api.send(.post, "batch", batch).text.contains("\"success\":true"))
      #expect(await api.patch(id, members).status == 200)
      #expect(await api.crate(id)?["pass_id"]?.string == first)
      #expect(await api.operations() == ["create"])

      let renamed = await api.patch(id, "\"pass\":\(Samples.upload(Samples.pdf, "b.pdf"))")
      #expect(renamed.json?["pass_id"]?.string != first)
      let other = await api.patch(id, "\"pass\":\(Samples.upload("%PDF-2", "b.pdf"))")
      #expect(other.json?["pass_id"]?.string != renamed.json?["pass_id"]?.string)
      #expect(await api.operations() == ["create", "update", "update"])
    }
  }

  @Test("of an unknown id are pending until their bytes come, and then every object that links them is updated")
  func pending() async throws {
    try await TestAPI.withAttachments { api in
      let attachment = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10"
      let first = await api.create("\"pass_id\":\"\(attachment)\"")
      #expect(first.json?["pass"]?.rawText == "{\"state\":\"pending\"}")
      let second = await api.create("\"file_id\":\"\(attachment)\"")
      let third = await api.create("\"photo_id\":\"\(attachment)\"")
      api.clock.advance(byMilliseconds: 5_000)
      let put = await api.send(
        .put, "attachments/\(attachment)", Samples.pdf, headers: ["X-Filename": "a.pdf", "Content-Type": "text/odd"])
      #expect(put.status == 200 && put.text == "{\"id\":\"\(attachment)\"}", "\(put.text)")
      #expect(await api.operations() == ["create", "create", "create", "update", "update", "update"])
      let entry = await api.send(.get, "oplog?tail=true&limit=1").json?["entries"]?.elements.first { _ in true }
      #expect(entry?["object"]?["photo"]?["state"]?.string == "untrusted")
      let found = await api.crate(first.json?["id"]?.string ?? "")
      #expect(found?["pass"]?["state"]?.string == "uploaded")
      #expect(found?["updated_at"]?.string == "2026-01-01T00:00:05Z")
      #expect(await api.crate(second.json?["id"]?.string ?? "")?["file"]?["state"]?.string == "uploaded")
      #expect(
        await api.crate(third.json?["id"]?.string ?? "")?["photo"]?.rawText == "{\"state\":\"untrusted\"}")
      let again = await api.send(.put, "attachments/\(attachment)", Samples.pdf)
      #expect(again.status == 409 && again.type == "CONFLICT")
    }
  }

  @Test("come by themselves and are linked afterwards")
  func raw() async throws {
    try await TestAPI.withAttachments { api in
      let posted = await api.send(
        .post, "attachments.json", Samples.pdf, headers: ["X-Filename": "a.pdf", "Content-Type": "application/pdf"])
      #expect(posted.status == 200, "\(posted.text)")
      let id = posted.json?["id"]?.string ?? ""
      let made = await api.create("\"pass_id\":\"\(id)\"")
      #expect(await api.fetch(made.json?["pass"]?["original"]?.string).text == Samples.pdf)
      #expect(await api.operations() == ["create"])
      #expect(await api.send(.put, "attachments/nope", "x").status == 422)
      #expect(await api.send(.post, "attachments", "x", headers: ["X-Filename": "A.pdf"]).status == 422)
      let listed = await api.send(.get, "objects/crate?q[pass_id]=\(id)")
      #expect(listed.json?["count"]?.rawText == "1")
    }
  }

  @Test("are printed wherever objects are: lists, queries, embedded objects, the oplog")
  func everywhere() async throws {
    try await TestAPI.withAttachments { api in
      let outer = await api.create("\"name\":\"o\",\"pass\":\(Samples.upload(Samples.pdf))").json
      let printed = outer?["pass"]?.rawText
      let id = outer?["id"]?.string ?? ""
      let inner = await api.create("\"name\":\"i\",\"outer_id\":\"\(id)\"").json?["id"]?.string ?? ""
      let list = await api.send(.get, "objects/crate?q[name]=o").json?["objects"]?.elements.first { _ in true }
      #expect(list?["pass"]?.rawText == printed)
      let search = await api.send(.post, "objects/crate/search", #"{"query":"o"}"#).json?["objects"]
      #expect(search?.elements.first { _ in true }?["pass"]?.rawText == printed)
      let embedded = await api.send(.get, "objects/crate/\(inner)?include=outer").json
      #expect(embedded?["outer"]?["pass"]?.rawText == printed)
      let entry = await api.send(.get, "oplog?limit=1").json?["entries"]?.elements.first { _ in true }
      #expect(entry?["object"]?["pass"]?.rawText == printed)
      api.clock.advance(byMilliseconds: 86_399_000)
      #expect(await api.crate(id)?["pass"]?.rawText == printed, "the same all day")
      api.clock.advance(byMilliseconds: 1_000)
      #expect(await api.crate(id)?["pass"]?.rawText != printed)
    }
  }
}
