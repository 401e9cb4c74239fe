import JSON
import Testing
import Wire

@testable import APIClient

@Suite("A row on its way to the server")
struct ImportPlanTests {
  static let model = ModelDescription(
    name: "flight",
    fields: [
      ("number", "integer"), ("name", "text"), ("position", "location"), ("tags", "multiple-choice"),
      ("codes", "multiple-choice-integer"), ("boarding_pass", "attachment"), ("track", "track"),
      ("diverted", "boolean"),
    ], relationships: ["airline", "origin"])

  private static func headings(_ header: String) -> [String] {
    header.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// The object of the first row below the header, or the reason why it cannot be sent.
  private func object(_ header: String, _ row: String) throws -> String {
    var reader = CSVReader(TextSource(header + "\n" + row + "\n"))
    _ = try reader.next()
    let plan = try ImportPlan(headings: Self.headings(header), model: Self.model)
    var builder = BatchBuilder(reader, plan: plan, rowLimit: 10, byteLimit: 1 << 20) {
      ObjectID(high: 0, low: 1)
    }
    let batch = try #require(builder.next().batch)
    if let unsendable = batch.unsendable.first { return unsendable.reason }
    let operations = try #require(JSONDocument.read(copying: batch.body.bytes).root["operations"])
    let operation = try #require(operations.elements.first { _ in true })
    #expect(operation["method"]?.string == "put")
    return try #require(operation["object"]).rawText
  }

  @Test(
    "becomes one object",
    arguments: [
      ("id,number", "abc,5", #"{"type":"flight","id":"abc","number":"5"}"#),
      ("number,id", "5,", #"{"type":"flight","id":"00000000-0000-0000-0000-000000000001","number":"5"}"#),
      ("number,name", "\"\",\"\"", #"{"type":"flight","id":"00000000-0000-0000-0000-000000000001","name":""}"#),
      ("id,name", "a,", #"{"type":"flight","id":"a"}"#),
      ("id,track", #"a,"{""p"": [1, ""x""]}""#, #"{"type":"flight","id":"a","track":{"p": [1, "x"]}}"#),
      ("id,track", "a,", #"{"type":"flight","id":"a"}"#),
      ("id,track", "a,{", "line 2: track: '{' is no JSON"),
      ("id,name", #"a,"say ""hi"", \ and""#, #"{"type":"flight","id":"a","name":"say \"hi\", \\ and"}"#),
      ("id,name", "a,\"two\nlines\t\u{1}\"", #"{"type":"flight","id":"a","name":"two\nlines\t\u0001"}"#),
      ("id,name", "a,東京 🛫", #"{"type":"flight","id":"a","name":"東京 🛫"}"#),
      ("id,airline_id,origin_id", "a,b,c", #"{"type":"flight","id":"a","airline_id":"b","origin_id":"c"}"#),
      ("id,boarding_pass_id", "a,b", #"{"type":"flight","id":"a","boarding_pass_id":"b"}"#),
      ("id,tags", "a,late|rebooked", #"{"type":"flight","id":"a","tags":["late","rebooked"]}"#),
      ("id,tags", "a,late", #"{"type":"flight","id":"a","tags":["late"]}"#),
      ("id,tags", "a,|", #"{"type":"flight","id":"a","tags":[]}"#),
      ("id,tags", #"a,"a""b|c""#, #"{"type":"flight","id":"a","tags":["a\"b","c"]}"#),
      ("id,codes", "a,1|2", #"{"type":"flight","id":"a","codes":["1","2"]}"#),
      (
        "position.latitude,id,position.longitude,position.altitude,position.timestamp",
        "40.6,a,-73,,2013-01-01",
        #"{"type":"flight","id":"a","position":{"latitude":40.6,"longitude":-73,"timestamp":"2013-01-01"}}"#
      ),
      ("id,position.latitude,position.longitude", "a,,", #"{"type":"flight","id":"a"}"#),
      (
        "id,position.latitude,position.longitude,position.altitude", "a,+1,.5, 007 ",
        #"{"type":"flight","id":"a","position":{"latitude":"+1","longitude":".5","altitude":" 007 "}}"#
      ),
      ("id,diverted", "a,1", #"{"type":"flight","id":"a","diverted":true}"#),
      ("id,diverted", "a,\"0\"", #"{"type":"flight","id":"a","diverted":false}"#),
      ("id,diverted", "a,TRUE", #"{"type":"flight","id":"a","diverted":true}"#),
      ("id,diverted", "a,False", #"{"type":"flight","id":"a","diverted":false}"#),
      ("id,diverted", "a,", #"{"type":"flight","id":"a"}"#),
      // The server says what it takes.
      ("id,diverted", "a,yes", #"{"type":"flight","id":"a","diverted":"yes"}"#),
      ("id,name", "a,1", #"{"type":"flight","id":"a","name":"1"}"#),
      ("id,name,error", "a,b,number: was wrong", #"{"type":"flight","id":"a","name":"b"}"#),
      ("id,name,import_error_2", "a,b,number: was wrong", #"{"type":"flight","id":"a","name":"b"}"#),
      ("id,name,error,,", "a,b,number: was wrong,,", #"{"type":"flight","id":"a","name":"b"}"#),
      ("id,name,,", "a,b,,", #"{"type":"flight","id":"a","name":"b"}"#),
      ("id,name,,", "a,b", #"{"type":"flight","id":"a","name":"b"}"#),
      ("id,,name,", "a,,b,", #"{"type":"flight","id":"a","name":"b"}"#),
      (",id,name", "\"\",a,b", #"{"type":"flight","id":"a","name":"b"}"#),
    ])
  func objects(header: String, row: String, expected: String) throws {
    let text = try object(header, row)
    #expect(text == expected)
  }

  @Test(
    "that cannot be sent has a reason",
    arguments: [
      ("id,name", "a,\"say\" hi", "line 2: name: text follows the closing quote"),
      ("id,name", "a", "line 2: the row has 1 cell, the first line 2"),
      ("id,name", "a,b,c", "line 2: the row has 3 cells, the first line 2"),
      ("id,name,,", "a", "line 2: the row has 1 cell, the first line 4"),
      ("id,,name", "a,b", "line 2: the row has 2 cells, the first line 3"),
      (
        "id,name,,", "a,b,,x",
        "line 2: column 4: 'x' stands under no name; name the column in the first line or empty the cell"
      ),
      (
        "id,,name", "a,\" \",b",
        "line 2: column 2: ' ' stands under no name; name the column in the first line or empty the cell"
      ),
      ("id,name,", "a,b,\"x\"y", "line 2: column 3: text follows the closing quote"),
      ("id,position.latitude", "a,north", "line 2: position.latitude: 'north' is not a number"),
      ("id,position.latitude", "a,1e999", "line 2: position.latitude: '1e999' is not a number"),
      (
        "id,position.latitude", "a,\"1,5\"",
        "line 2: position.latitude: '1,5' is not a number; write a decimal point instead of the comma"
      ),
      (
        "id,name", "a,5\" pipe",
        "line 2: name: a quote stands within the cell; put the whole cell in quotes and double it"
      ),
    ])
  func reasons(header: String, row: String, reason: String) throws {
    #expect(try object(header, row) == reason)
  }

  @Test("that is not UTF-8 is not sent")
  func encoding() throws {
    var reader = CSVReader(
      TextSource(bytes: Array("id,name\na,".utf8) + [0xC3, 0x28] + Array("\nb,c\n".utf8)))
    _ = try reader.next()
    let plan = try ImportPlan(headings: ["id", "name"], model: Self.model)
    var builder = BatchBuilder(reader, plan: plan, rowLimit: 10, byteLimit: 1 << 20) {
      ObjectID(high: 0, low: 1)
    }
    let batch = try #require(builder.next().batch)
    #expect(batch.unsendable.map(\.reason) == ["line 2: the row is not UTF-8"])
    #expect(batch.count == 1)
    #expect(throws: Never.self) { try JSONDocument.read(copying: batch.body.bytes) }
  }

  @Test(
    "needs a header that the model knows",
    arguments: [
      (
        "id,nmae,xyzzy",
        "the model flight has no columns 'nmae' (did you mean 'name'?), 'xyzzy'; it has id, number, name, "
      ),
      (
        "position",
        "the model flight has no column 'position' (did you mean 'position.latitude'?); it has id, "
      ),
      ("boarding_pass", "the model flight has no column 'boarding_pass' (did you mean 'boarding_pass_id'?)"),
      ("name,name", "the column 'name' stands twice"),
      ("error,name", "the model flight has no column 'error'"),
      ("name,import_error_x", "the model flight has no column 'import_error_x'"),
      (",,", "the first line names no columns"),
      (",name,,name", "the column 'name' stands twice"),
      ("id;name", "the columns are separated by semicolons, not commas"),
      ("id\tname", "the columns are separated by tabs, not commas"),
    ])
  func headers(header: String, message: String) {
    #expect {
      try ImportPlan(headings: Self.headings(header), model: Self.model)
    } throws: { "\($0)".hasPrefix(message) }
  }

  @Test("takes its model from datamodel.json")
  func description() throws {
    let flight = try ModelDescription(named: "flight", in: Array(FakeDeployment.model.utf8))
    #expect(flight.fields.map(\.name) == ["number", "tail_number", "position", "tags", "boarding_pass"])
    #expect(flight.relationships == ["airline"])
    #expect {
      try ModelDescription(named: "flights", in: Array(FakeDeployment.model.utf8))
    } throws: {
      "\($0)" == "the deployment has no model 'flights' (did you mean 'flight'?); it has airline, flight"
    }
    #expect(throws: ImportError.self) { try ModelDescription(named: "flight", in: Array("<html>".utf8)) }
    #expect(throws: ImportError.self) { try ModelDescription(named: "flight", in: Array("{}".utf8)) }
  }
}
