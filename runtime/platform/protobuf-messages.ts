// Declaring the protobuf messages that this program writes: only the fields that it uses, with their numbers.
import protobuf from 'protobufjs'

/** [field, number, type, repeated, or the value type of a map from strings] */
export type FieldRow = readonly [name: string, id: number, type: string, rule?: 'repeated' | 'map']

/** A set of messages whose fields name each other as types. */
export function messageSet(): (name: string, fields: readonly FieldRow[]) => protobuf.Type {
  const types = new protobuf.Root()
  return (name, fields) => {
    const type = new protobuf.Type(name)
    for (const [field, id, fieldType, rule] of fields) {
      type.add(
        rule === 'map'
          ? new protobuf.MapField(field, id, 'string', fieldType)
          : new protobuf.Field(field, id, fieldType, rule),
      )
    }
    types.add(type)
    return type
  }
}
