// Collects the declarations of all files of a program into one namespace, and reports what is declared twice.
import type {
  EvaluateDeclaration,
  ExperimentDeclaration,
  MinimizeDeclaration,
  TrainDeclaration,
} from '../../grammar/syntax.js'
import { labelled, type Reporter } from '../diagnostics/reporter.js'
import type { LoadedFile } from '../modules/load.js'
import type { Declared, DeclaredBranch, DeclaredLoss, DeclaredNode } from './declared.js'
import { nameLocation } from './declared.js'

/** A declaration without a name, with its file. */
export interface Placed<Node> {
  readonly node: Node
  readonly file: string
}

export interface Program {
  /** The entry file first. */
  readonly files: readonly LoadedFile[]
  readonly names: ReadonlyMap<string, Declared>
  /** Names of statements that could not be read: uses of them are not reported again. */
  readonly unreadable: ReadonlySet<string>
  /** An import could not be read, so that any name may be one of its. */
  readonly importsMissing: boolean
  readonly branches: ReadonlyMap<string, DeclaredBranch>
  readonly experiment: Placed<ExperimentDeclaration> | undefined
  readonly minimize: Placed<MinimizeDeclaration> | undefined
  readonly train: Placed<TrainDeclaration> | undefined
  readonly evaluations: readonly Placed<EvaluateDeclaration>[]
}

/** Words that stand for themselves among values. */
export const valueWords: ReadonlySet<string> = new Set([
  'true',
  'false',
  'epoch',
  'progress',
  'step',
  'classes',
])
/** Fields of streams and batches, which a view cannot be called. */
export const batchFields: ReadonlySet<string> = new Set(['images', 'labels', 'origin', 'index'])

export function collectProgram(files: readonly LoadedFile[], reporter: Reporter): Program {
  const names = new Map<string, Declared>()
  const unreadable = new Set<string>()
  const branches = new Map<string, DeclaredBranch>()
  const evaluations: Placed<EvaluateDeclaration>[] = []
  let experiment: Placed<ExperimentDeclaration> | undefined
  let minimize: Placed<MinimizeDeclaration> | undefined
  let train: Placed<TrainDeclaration> | undefined

  // An experiment that is imported by another one is one mistake, not one for each of its declarations.
  const [entry, ...imported] = files
  const isExperiment = (file: LoadedFile | undefined) =>
    file?.tree.declarations.some(({ kind }) => kind === 'experiment') ?? false
  const foreign = new Set(isExperiment(entry) ? imported.filter(isExperiment).map(({ path }) => path) : [])

  const once = <Node extends { readonly span: { readonly start: number; readonly end: number } }>(
    what: string,
    known: Placed<Node> | undefined,
    next: Placed<Node>,
  ): Placed<Node> => {
    if (!known) return next
    reporter.report('SAU2008', {
      gaps: { what },
      help: foreign.has(next.file)
        ? 'what is imported is a library: move what both experiments need into a file without `experiment`'
        : undefined,
      labels: [
        labelled({ file: next.file, span: next.node.span }, 'the second'),
        labelled({ file: known.file, span: known.node.span }, 'the first'),
      ],
    })
    return known
  }

  const declare = (
    table: Map<string, Declared>,
    node: DeclaredNode,
    file: string,
    branch: DeclaredBranch | undefined,
  ): Declared | undefined => {
    const declared: Declared = {
      name: node.name.text,
      node,
      file,
      branch,
      uses: 0,
      values: new Map(),
      evaluating: false,
    }
    if (node.name.text === '') return undefined
    if (valueWords.has(declared.name) || (node.kind === 'view' && batchFields.has(declared.name))) {
      reporter.report('SAU2012', {
        gaps: { name: declared.name },
        labels: [labelled(nameLocation(declared))],
      })
      return undefined
    }
    const known = table.get(declared.name) ?? (branch && names.get(declared.name))
    if (known) {
      reportTwice(declared.name, declared, known)
      return undefined
    }
    table.set(declared.name, declared)
    return declared
  }

  const reportTwice = (
    name: string,
    second: Parameters<typeof nameLocation>[0],
    first: Parameters<typeof nameLocation>[0],
  ) => {
    if (foreign.has(second.file)) return
    const elsewhere = second.file !== first.file
    // The file that imports is the one that a person is writing.
    const labels = elsewhere
      ? [labelled(nameLocation(first), 'declared here'), labelled(nameLocation(second), 'and imported')]
      : [
          labelled(nameLocation(second), 'declared again'),
          labelled(nameLocation(first), 'first declared here'),
        ]
    reporter.report('SAU2007', { gaps: { name }, labels, help: 'give one of them another name' })
  }

  const declareBranch = (branch: DeclaredBranch) => {
    for (const statement of branch.node.statements) {
      if (statement.kind === 'let') {
        declare(branch.lets, statement, branch.file, branch)
        continue
      }
      const name = statement.name.text
      if (name === '') continue
      const known = branch.losses.get(name)
      if (known) {
        reportTwice(name, { file: branch.file, node: statement }, { file: branch.file, node: known.node })
        continue
      }
      const loss: DeclaredLoss = {
        identity: { branch: branch.name, name, at: { file: branch.file, span: statement.span } },
        node: statement,
        value: undefined,
        definition: undefined,
        evaluating: false,
        uses: 0,
      }
      branch.losses.set(name, loss)
    }
  }

  const pending: DeclaredBranch[] = []
  for (const { path: file, tree } of files) {
    for (const node of tree.declarations) {
      if (foreign.has(file) && ['minimize', 'train', 'evaluate'].includes(node.kind)) continue
      switch (node.kind) {
        case 'experiment':
          experiment = once('experiment', experiment, { node, file })
          break
        case 'minimize':
          minimize = once('minimize', minimize, { node, file })
          break
        case 'train':
          train = once('train', train, { node, file })
          break
        case 'evaluate':
          evaluations.push({ node, file })
          break
        case 'unreadable':
          if (node.name) unreadable.add(node.name.text)
          break
        case 'import':
          break
        case 'branch': {
          const declared = declare(names, node, file, undefined)
          const branch = { name: node.name.text, file, node, lets: new Map(), losses: new Map() }
          if (declared) branches.set(branch.name, branch)
          pending.push(branch)
          break
        }
        default:
          declare(names, node, file, undefined)
      }
    }
  }
  // Top-level names are all known only now, and a `let` of a branch may not take one of them.
  for (const branch of pending) declareBranch(branch)
  const importsMissing = reporter.has('SAU2011')
  return { files, names, unreadable, importsMissing, branches, experiment, minimize, train, evaluations }
}
