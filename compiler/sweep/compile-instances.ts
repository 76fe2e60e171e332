// Compiles every instance of a sweep before any of them starts: the files are read and parsed once, sources
// are probed and digested once, and of each Plan only what is asked for is kept, so that ten thousand
// instances fit into little memory.
import { type CompileResult, experimentCompiler } from '../compile.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { Host, SourceRequest } from '../host.js'
import type { Plan } from '../plan/plan.js'
import type { Instance } from './expand.js'
import { type Found, groupDiagnostics } from './group-diagnostics.js'
import { settingText } from './setting-text.js'
import type { Sweep } from './sweep.js'

/** An instance whose Plan is known. */
export interface CompiledInstance<Facts> {
  readonly instance: Instance
  readonly planHash: string
  /** Position of the first instance with the same Plan: its own, where it is the first. */
  readonly equalTo: number
  readonly facts: Facts
}

export interface CompiledSweep<Facts> {
  /** One for each instance, in order; empty where one of them has errors. */
  readonly instances: readonly CompiledInstance<Facts>[]
  /** Of all instances together: the same one at the same place once, with the instances that it is about. */
  readonly diagnostics: readonly Diagnostic[]
  /** Texts of the experiment's files, by absolute path. */
  readonly sources: ReadonlyMap<string, string>
  /** 0, 3 (does not compile) or 4 (only data is wrong). */
  readonly exitCode: 0 | 3 | 4
}

/**
 * Compiles instances.
 * @param factsOf what to keep of a Plan; called once for each distinct Plan
 * @param edges further settings, that a search may come near to: their errors are shown, and nothing else of
 * them
 */
export function compileInstances<Facts>(
  host: Host,
  sweep: Sweep,
  cwd: string,
  instances: readonly Instance[],
  factsOf: (plan: Plan, hash: string, result: CompileResult) => Facts,
  edges: readonly Instance[] = [],
): CompiledSweep<Facts> {
  const compile = instanceCompiler(host, sweep, cwd)
  const compiled: CompiledInstance<Facts>[] = []
  const firsts = new Map<string, { readonly position: number; readonly facts: Facts }>()
  const found: Found[] = []
  let sources: ReadonlyMap<string, string> = new Map()
  let exitCode: 0 | 3 | 4 = 0
  for (const [position, instance] of [...instances, ...edges].entries()) {
    const result = compile(instance)
    sources = result.sources
    for (const diagnostic of result.diagnostics) found.push({ diagnostic, instance })
    if (result.exitCode === 3 || exitCode === 0) exitCode = result.exitCode
    const { plan, hash } = result
    if (plan === undefined || hash === undefined || position >= instances.length) continue
    const first = firsts.get(hash) ?? { position, facts: factsOf(plan, hash, result) }
    firsts.set(hash, first)
    compiled.push({ instance, planHash: hash, equalTo: first.position, facts: first.facts })
  }
  return {
    instances: exitCode === 0 ? compiled : [],
    diagnostics: groupDiagnostics(found, sweep, [...instances, ...edges]),
    sources,
    exitCode,
  }
}

/** A function that compiles one instance after the other, and shares what they share. */
export function instanceCompiler(
  host: Host,
  sweep: Sweep,
  cwd: string,
): (instance: Instance) => CompileResult {
  const folder = host.resolve(sweep.file, '..')
  const compile = experimentCompiler(remembering(host), sweep.experiment)
  return ({ setting, seed }) => {
    const set: Record<string, string> = { ...sweep.set }
    for (const [name, value] of Object.entries(setting.params)) {
      const param = sweep.params.get(name)
      if (param) set[name] = settingText(host, param, value, { folder, cwd })
    }
    return compile({ cwd, set, seed })
  }
}

/**
 * A host that asks the world once: data that changes while instances are compiled would give them different
 * Plans.
 */
function remembering(host: Host): Host {
  const once = <Answer>(ask: (request: SourceRequest) => Answer): ((request: SourceRequest) => Answer) => {
    const known = new Map<string, { readonly answer: Answer }>()
    return (request) => {
      const key = JSON.stringify(request)
      const entry = known.get(key) ?? { answer: ask(request) }
      known.set(key, entry)
      return entry.answer
    }
  }
  return {
    ...host,
    probe: once((request) => host.probe(request)),
    digest: once((request) => host.digest(request)),
  }
}
