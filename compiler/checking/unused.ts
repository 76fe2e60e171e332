// Warnings about what nothing uses. Only the entry file is looked at: a library may hold more than one experiment needs.
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
  for (const declared of c.program.names.values()) {
    warn(declared)
    if (declared.node.kind === 'network') warnHeads(c, declared, entry)
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

function warnHeads(c: Compilation, declared: Declared, entry: string): void {
  if (declared.node.kind !== 'network' || declared.file !== entry || declared.uses === 0) return
  for (const head of declared.node.heads) {
    const name = head.name.text
    const read = [...c.networks.values()].some(
      (network) => c.headUses.has(`${network.name}.${name}`) && network.declarations.get(name)?.node === head,
    )
    if (read || name === '' || c.doubtful.has(name)) continue
    const at = { file: declared.file, span: head.name.span }
    c.reporter.report('SAU6004', { gaps: { name: `${declared.name}.${name}` }, labels: [labelled(at)] })
  }
}
