// `saurun compile --emit dot`: a program as a Graphviz drawing, one cluster an entry.
import type { Graph, Node, Program } from '../graph.js'
import { describeAttribute, describeTensorType } from './json.js'

/** DOT text (https://graphviz.org/doc/info/lang.html) of all entries, or of those named. */
export function programDot(
  program: Program,
  entries: readonly string[] = Object.keys(program.entries),
): string {
  const clusters = entries.flatMap((name, index) => {
    const graph = program.entries[name]
    return graph === undefined ? [] : [cluster(name, `e${index}`, graph)]
  })
  return `digraph saurun {\n  rankdir=TB\n  node [shape=box fontname="Helvetica" fontsize=10]\n${clusters.join('')}}\n`
}

function cluster(name: string, prefix: string, graph: Graph): string {
  const lines = [`  subgraph cluster_${prefix} {`, `    label=${quote(name)}`]
  const line = (text: string): number => lines.push(`    ${text}`)
  graph.nodes.forEach((node, position) => {
    // Scalar constants would pull long edges through the picture; they stand inside their readers.
    if (isScalarConstant(node)) return
    line(`${prefix}_${position} [label=${quote(nodeLabel(graph, node))}${nodeStyle(node)}]`)
    node.inputs.forEach((input) => {
      const source = graph.nodes[input.node]
      if (source !== undefined && !isScalarConstant(source))
        line(`${prefix}_${input.node} -> ${prefix}_${position}`)
    })
  })
  graph.outputs.forEach(({ name: output, value }, position) => {
    line(`${prefix}_o${position} [label=${quote(output)} shape=oval style=filled fillcolor="#d5e8d4"]`)
    line(`${prefix}_${value.node} -> ${prefix}_o${position}`)
  })
  graph.updates.forEach(({ variable, value }, position) => {
    line(
      `${prefix}_u${position} [label=${quote(`${variable} :=`)} shape=oval style=filled fillcolor="#ffe6cc"]`,
    )
    line(`${prefix}_${value.node} -> ${prefix}_u${position}`)
  })
  return `${lines.join('\n')}\n  }\n`
}

const isScalarConstant = (node: Node): node is Node<'constant'> =>
  node.op === 'constant' && node.outputs[0]?.shape.length === 0

function nodeLabel(graph: Graph, node: Node): string {
  const numbers = node.inputs.flatMap((input) => {
    const source = graph.nodes[input.node]
    const values = source !== undefined && isScalarConstant(source) ? source.attributes.values : undefined
    return values === undefined ? [] : [describeAttribute(values)]
  })
  const title =
    node.op === 'input' || node.op === 'state'
      ? `${node.op} ${node.attributes.name}`
      : [node.op, ...numbers].join(' ')
  return `${title}\n${node.outputs.map(describeTensorType).join('\n')}`
}

function nodeStyle(node: Node): string {
  if (node.op === 'input') return ' style=filled fillcolor="#dae8fc"'
  return node.op === 'state' ? ' style=filled fillcolor="#fff2cc"' : ''
}

const quote = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
