/// The `x` of `text:x`: steers keyboards and inputs; the API stores plain text.
package enum TextSubtype: String, Sendable, Hashable, CaseIterable {
  case email
  case address
  case name
  case url
  case paragraph
  case number
  case signedNumber = "signed-number"
  case decimalNumber = "decimal-number"
  case southAfricanID = "south-african-id"
  case phoneNumber = "phone-number"
  case phoneNumberZA = "phone-number-za"
  case password
}
