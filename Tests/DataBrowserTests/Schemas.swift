/// Data models of tests.
enum Schemas {
  static let flights = """
    <?xml version="1.0" encoding="UTF-8"?>
    <data-model>
      <model name="airline" label="Airline">
        <field name="name" label="Name" type="text"/>
        <display>{name}</display>
      </model>
      <model name="flight" label="Flight">
        <field name="number" label="Number" type="text"/>
        <field name="distance" label="Distance" type="integer"/>
        <field name="delay" label="Delay" type="number"/>
        <field name="day" label="Day" type="date"/>
        <field name="departure" label="Departure" type="datetime"/>
        <field name="status" label="Status" type="single-choice">
          <option key="landed">Landed</option><option key="late">Late</option>
        </field>
        <field name="tags" label="Tags" type="multiple-choice">
          <option key="a">Alpha</option><option key="b">Beta</option>
        </field>
        <field name="is_cargo" label="Cargo" type="boolean"/>
        <field name="notes" label="Notes" type="text:paragraph"/>
        <field name="secret" label="Secret" type="text:password"/>
        <field name="place" label="Place" type="location"/>
        <field name="photo" label="Photo" type="photo"/>
        <belongs-to model="airline"/>
        <display>Flight {number}</display>
        <webhook type="update" name="flight_saved">
          <field name="status"/><field name="airline" required="false"/>
        </webhook>
      </model>
      <model name="medical" label="Medical" classification="sensitive">
        <field name="name" label="Name" type="text"/>
        <belongs-to model="flight"/>
        <display>{name}</display>
        <webhook type="ready" name="medical_ready"/>
      </model>
      <model name="user" label="User">
        <field name="name" label="Name" type="text"/>
        <display>{name}</display>
      </model>
    </data-model>
    """
}
