/// Why a CSV file cannot be read on. Lines count from 1.
package enum CSVFault: Error, Equatable, CustomStringConvertible {
  case cannotRead(String)
  case empty
  case encoding(String)
  case unclosedQuote(line: Int)
  case longRow(line: Int)

  package var description: String {
    switch self {
    case .cannotRead(let why): why
    case .empty: "the file is empty; its first line must name the columns"
    case .encoding(let name): "the file is \(name); save it as UTF-8"
    case .unclosedQuote(let line): "line \(line): a quote is opened in this row and never closed"
    case .longRow(let line):
      "line \(line): this row is longer than \(CSVReader.rowLimit >> 20) MiB; is a quote not closed?"
    }
  }
}
