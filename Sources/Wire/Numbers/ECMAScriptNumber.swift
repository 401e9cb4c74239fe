/// Numbers in the form that ECMAScript's `Number::toString` gives (api.md section 9), as texts of their own.
package enum ECMAScriptNumber {
  package static func text(of number: Double) -> String {
    var writer = ByteWriter(capacity: 64)
    writer.append(number: number)
    return writer.string
  }
}
