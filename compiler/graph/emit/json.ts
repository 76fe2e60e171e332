// `saurun compile --emit graph`: a program as JSON that a person can read and a tool can compare. One string
// a node:
//
//   "12": "conv2d(4, 11) stride=1 padding=[1,1,1,1] layout=NCHW -> float32[128,16,32,32]"
import type { Attribute, Graph, Node, Program, TensorType, Value } from '../graph.js'
import { isSource } from '../operations/index.js'

export interface GraphDocument {
  readonly inputs: Readonly<Record<string, string>>
  readonly nodes: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
  readonly updates: Readonly<Record<string, string>>
}

export interface ProgramDocument {
  readonly layout: Program['layout']
  readonly variables: Readonly<Record<string, string>>
  readonly entries: Readonly<Record<string, GraphDocument>>
}

/** Lists of constants beyond this many numbers are shortened. */
const shownNumbers = 8

/** The same program always gives the same document; keys are in the program's order. */
export function programDocument(program: Program): ProgramDocument {
  const variables = program.variables.map(({ name, type, role, initial }) => {
    const { kind, ...settings } = initial
    const from = Object.entries(settings).map(([setting, value]) => `${setting}=${describeNumber(value)}`)
    return [name, `${describeTensorType(type)} ${role} ${[kind, ...from].join(' ')}`]
  })
  const entries = Object.entries(program.entries).map(([name, graph]) => [name, graphDocument(graph)])
  return {
    layout: program.layout,
    variables: Object.fromEntries(variables),
    entries: Object.fromEntries(entries),
  }
}

export function graphDocument(graph: Graph): GraphDocument {
  const nodes = graph.nodes.map((node, position) => {
    const operands = node.inputs.map((value) => describeValue(graph, value)).join(', ')
    const attributes = Object.entries(shownAttributes(node)).map(
      ([name, value]) => ` ${name}=${describeAttribute(value)}`,
    )
    const types = node.outputs.map(describeTensorType).join(', ')
    return [String(position), `${node.op}(${operands})${attributes.join('')} -> ${types}`]
  })
  return {
    inputs: Object.fromEntries(graph.inputs.map(({ name, type }) => [name, describeTensorType(type)])),
    nodes: Object.fromEntries(nodes),
    outputs: Object.fromEntries(graph.outputs.map(({ name, value }) => [name, describeValue(graph, value)])),
    updates: Object.fromEntries(
      graph.updates.map(({ variable, value }) => [variable, describeValue(graph, value)]),
    ),
  }
}

function shownAttributes(node: Node): Readonly<Record<string, Attribute>> {
  if (!isSource(node)) return { ...node.attributes }
  // Sources repeat their type in their attributes, for the shape rule.
  const { dtype: _dtype, shape: _shape, ...others } = node.attributes
  return others
}

export const describeTensorType = (type: TensorType): string => `${type.dtype}[${type.shape.join(',')}]`

/** `12`, or `12:1` for the second output of a node that has several. */
function describeValue(graph: Graph, value: Value): string {
  const several = (graph.nodes[value.node]?.outputs.length ?? 1) > 1
  return several ? `${value.node}:${value.output}` : String(value.node)
}

export function describeAttribute(value: Attribute): string {
  if (typeof value === 'number') return describeNumber(value)
  if (typeof value !== 'object') return String(value)
  const shown = value
    .slice(0, shownNumbers)
    .map((element) => (typeof element === 'number' ? describeNumber(element) : element))
  return `[${shown.join(',')}${value.length > shownNumbers ? `,... ${value.length} in all` : ''}]`
}

/** Enough digits to tell float32 values apart. */
const describeNumber = (value: number): string => String(Number(value.toPrecision(9)))
