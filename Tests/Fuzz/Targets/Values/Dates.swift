import Wire

/// Dates and times as texts.
enum Dates {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    let text = input.text
    let (day, instant) = (CalendarDay(text), Instant(text))
    if let early = CalendarDay(firstForms: text) {
      try promise(day, is: early, "earlier forms are still read: \(text)")
    }
    if let early = Instant(firstForms: text) {
      try promise(instant, is: early, "earlier forms are still read: \(text)")
    }
    if let day {
      try promise(CalendarDay(day.description), is: day, "a day is read as it is printed")
      let (year, month, number) = day.components
      try promise(CalendarDay(year: year, month: month, day: number), is: day, "a day is that of its parts")
      var writer = ByteWriter()
      writer.append(displayOf: day)
      try promise(writer.count >= "May 1 0001".utf8.count, "a day has its parts: \(writer.string)")
    }
    guard let instant else { return }
    try promise(day != nil, "what is a time has a day: \(text)")
    try promise(Instant(instant.description), is: instant, "a time is read as it is printed")
    try promise(instant.httpDate.utf8.count, is: 29, "a date of HTTP has one length")
    // A zone moves a time by less than a day.
    if let day {
      let distance = instant.dayAndSecond.day.daysSince1970 - day.daysSince1970
      try promise((-1...1).contains(distance), "a time lies on its day or beside it: \(text)")
    }
  }
}
