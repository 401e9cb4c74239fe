@testable import DataModel

/// The running example of the specification.
let flights = """
  <?xml version="1.0" encoding="UTF-8"?>
  <data-model>
    <model name="airline" label="Airline">
      <field name="carrier" label="Carrier code" type="text"/>
      <field name="name" label="Name" type="text:name"/>
      <has-many model="flight" name="flights"/>
      <display>{name} ({carrier})</display>
    </model>

    <model name="airport" label="Airport">
      <field name="faa" label="FAA code" type="text"/>
      <field name="name" label="Name" type="text"/>
      <field name="position" label="Position" type="location"/>
      <has-many model="flight" name="departures" inverse-of="origin"/>
      <has-many model="flight" name="arrivals" inverse-of="destination"/>
      <display>{faa}</display>
    </model>

    <model name="plane" label="Plane">
      <field name="tail_number" label="Tail number" type="text"/>
      <display>{tail_number}</display>
    </model>

    <model name="flight" label="Flight">
      <field name="number" label="Flight number" type="integer"/>
      <field name="tail_number" label="Tail number" type="text"/>
      <field name="scheduled_departure" label="Scheduled departure" type="datetime"/>
      <field name="distance" label="Distance (miles)" type="number"/>
      <field name="status" label="Status" type="single-choice">
        <option key="scheduled">Scheduled</option>
        <option key="landed">Landed</option>
        <option key="cancelled">Cancelled</option>
      </field>
      <field name="diverted" label="Diverted" type="boolean"/>
      <field name="boarding_pass" label="Boarding pass" type="attachment" media="application/pdf"/>
      <belongs-to model="airline"/>
      <belongs-to model="plane"/>
      <belongs-to model="airport" name="origin"/>
      <belongs-to model="airport" name="destination"/>
      <display>{airline.carrier} {number} {origin} - {destination}</display>
      <index on="airline,-scheduled_departure"/>
      <webhook type="update" name="flight_status">
        <field name="status"/>
        <field name="airline" embed="true"/>
      </webhook>
    </model>
  </data-model>
  """

/// A document around models. What is given begins in line 2, column 1.
func document(_ models: String) -> String { "<data-model>\n\(models)\n</data-model>" }

/// A document with the model `flight` around members and tail. What is given begins in line 3.
func flight(_ inside: String) -> String {
  document("<model name=\"flight\" label=\"Flight\">\n\(inside)\n</model>")
}

/// The same with a display after it.
func flightWith(_ members: String) -> String { flight(members + "\n<display>Flight</display>") }

func read(_ xml: String) -> (model: DataModel?, findings: [Finding]) { DataModelReader.read(Array(xml.utf8)) }

/// `line:column code`, the form in which the tables expect findings.
func brief(_ findings: [Finding]) -> [String] {
  findings.map { "\($0.line):\($0.column) \($0.code.rawValue)" }
}
