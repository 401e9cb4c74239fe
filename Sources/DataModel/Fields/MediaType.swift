/// What an `attachment` field accepts (data-model.md «Fields»). Raw values are the words of the XML.
package enum MediaType: String, Sendable, Hashable, CaseIterable {
  case any
  case png = "image/png"
  case jpeg = "image/jpeg"
  case svg = "image/svg+xml"
  case pdf = "application/pdf"
  case presentation = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
  case spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
  case document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
  case excel = "application/vnd.ms-excel"
  case word = "application/msword"
  case anritsu = "application/vnd.anritsu"
  case valvelink = "application/vnd.valvelink"
  case xml = "application/xml"
  case plainText = "text/plain"
  case csv = "text/csv"
}
