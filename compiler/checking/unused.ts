// Warnings about what nothing uses. Only the entry file is looked at: a library may hold more than one
// experiment needs.
import type { HeadDeclaration } from '../../grammar/syntax.js'
import { type Location, labelled } from '../diagnostics/reporter.js'
import type { Declared } from '../names/declared.js'
import { nameLocation } from '../names/declared.js'
import type { Compilation } from './compilation.js'

const codes = {
  view: 'SAU6001',
  param: 'SAU6002',
  let: 'SAU6005',
  stream: 'SAU6006',
  dataset: 'SAU6007',
  memory: 'SAU6008',
  network: 'SAU6009',
} as const

export function warnUnused(c: Compilation, entry: string): void {
  if (c.reporter.hasSyntaxErrors) return
  const warn = (declared: Declared) => {
    const { kind } = declared.node
    if (kind === 'branch' || declared.uses > 0 || declared.file !== entry || c.doubtful.has(declared.name))
      return
    c.reporter.report(codes[kind], {
      gaps: { name: declared.name },
      labels: [labelled(nameLocation(declared))],
    })
  }
  const read = readHeads(c)
  for (const declared of c.program.names.values()) {
    warn(declared)
    if (declared.node.kind === 'network') warnHeads(c, declared, entry, read)
  }
  for (const branch of c.program.branches.values()) {
    for (const declared of branch.lets.values()) warn(declared)
    if (branch.file !== entry || !c.program.minimize) continue
    for (const loss of branch.losses.values()) {
      if (loss.uses > 0 || c.doubtful.has(loss.identity.name)) continue
      const at: Location = { file: branch.file, span: loss.node.name.span }
      c.reporter.report('SAU6003', {
        gaps: { name: `${branch.name}.${loss.identity.name}` },
        labels: [labelled(at)],
      })
    }
  }
}

/** Heads that something reads, of the network that declares them or of one that copies it. */
function readHeads(c: Compilation): ReadonlySet<HeadDeclaration> {
  const read = new Set<HeadDeclaration>()
  for (const { name, declarations } of c.networks.values()) {
    for (const [head, { node }] of declarations) if (c.headUses.has(`${name}.${head}`)) read.add(node)
  }
  return read
}

function warnHeads(
  c: Compilation,
  declared: Declared,
  entry: string,
  read: ReadonlySet<HeadDeclaration>,
): void {
  if (declared.node.kind !== 'network' || declared.file !== entry || declared.uses === 0) return
  for (const head of declared.node.heads) {
    const name = head.name.text
    if (read.has(head) || name === '' || c.doubtful.has(name)) continue
    const at = { file: declared.file, span: head.name.span }
    c.reporter.report('SAU6004', { gaps: { name: `${declared.name}.${name}` }, labels: [labelled(at)] })
  }
}
