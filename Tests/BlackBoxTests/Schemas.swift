/// Data models of these tests.
enum Schemas {
  static let small = """
    <data-model><model name="note" label="Note"><field name="text" label="Text" type="text"/>
    <display>{text}</display></model></data-model>
    """

  /// Every type of field, and a chain of relationships.
  static let all = """
    <data-model><!-- Every type of field that there is, in one model, and more than a KiB of text in all. -->
    <model name="thing" label="Thing">
    <field name="text" label="T" type="text"/><field name="integer" label="I" type="integer"/>
    <field name="number" label="N" type="number"/><field name="day" label="D" type="date"/>
    <field name="time" label="DT" type="datetime"/><field name="flag" label="B" type="boolean"/>
    <field name="one" label="S" type="single-choice"><option key="a">Aye</option><option key="b">Bee</option></field>
    <field name="rank" label="SI" type="single-choice-integer"><option key="3">Three</option></field>
    <field name="many" label="M" type="multiple-choice"><option key="x">Ex</option><option key="y">Why</option></field>
    <field name="ranks" label="MI" type="multiple-choice-integer"><option key="1">One</option>
    <option key="2">Two</option></field>
    <field name="place" label="L" type="location"/><field name="photo" label="P" type="photo"/>
    <field name="path" label="K" type="track"/><belongs-to model="thing" name="parent"/>
    <display>{text}{parent}</display></model></data-model>
    """
}
