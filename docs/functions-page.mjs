// The page of all functions as Markdown, from their declarations. A test keeps docs/functions.md equal to it.

const groups = {
  dataset: [
    'Data',
    'Sources and what is made of them. Chains read from left to right: `cifar10(...) |> longtail(...)`.',
  ],
  share_of_gap: ['Levels of `fill`', 'Besides `balanced` and a count of images.'],
  view: ['Views', 'They compose with `|>`; `normalize` stands last.'],
  backbone: ['Backbones', 'The right side of `network`.'],
  layers: ['Heads', 'The right side of `head`; they compose with `|>`.'],
  stream: ['Streams', 'The right side of `stream`.'],
  memory: ['Memories', 'The right side of `memory`.'],
  step: ['Steps', 'What stands in branches.'],
  schedule: ['Schedules', 'The field `schedule` of `train`; they compose with `|>` by multiplication.'],
  optimizer: ['Optimizers', 'The field `optimizer` of `train`.'],
  metric: ['Metrics', 'Elements of the field `metrics` of `evaluate`.'],
}

/**
 * @param functions all declarations of functions
 * @param closedLists closed lists by name
 * @param showType text of a type
 */
export function functionsPage(functions, closedLists, showType) {
  const lines = [
    '# Functions',
    '',
    'Written from the declarations in the compiler by `docs/write-functions.mjs`; change those, not this page.',
    'Arguments are given by place in this order or by name; those with a default, and those marked optional, may be left',
    'out. [The language](language.md) says how the parts fit together.',
    '',
  ]
  for (const [group, [title, text]] of Object.entries(groups)) {
    lines.push(`## ${title}`, '', text, '')
    for (const declaration of functions.filter((candidate) => candidate.group === group)) {
      lines.push(...functionLines(declaration, showType))
    }
  }
  const unknown = functions.filter((declaration) => groups[declaration.group] === undefined)
  if (unknown.length > 0) throw new Error(`no section for ${unknown.map(({ name }) => name).join(', ')}`)
  lines.push(
    '## Closed lists',
    '',
    'Names that stand for themselves. Each list is also the type of a param.',
    '',
  )
  const lists = Object.entries(closedLists).map(([name, { members, doc }]) => [
    `\`${name}\``,
    members.map((member) => `\`${member}\``).join(' '),
    cell(doc),
  ])
  lines.push(...table(['list', 'names', 'what for'], lists))
  return `${lines.join('\n')}\n`
}

function functionLines(declaration, showType) {
  const parameters = Object.entries(declaration.parameters)
  const list = parameters
    .map(([name, parameter]) => (parameter.presence === 'rest' ? `${name}...` : name))
    .join(', ')
  const lines = [
    `### \`${declaration.name}${parameters.length === 0 ? '' : `(${list})`}\` : ${showType(declaration.result)}`,
    '',
    declaration.doc,
    '',
  ]
  if (parameters.length === 0) return lines
  const rows = parameters.map(([name, parameter]) => [
    `\`${name}\``,
    cell(showType(parameter.slot.type)),
    presence(parameter),
    cell(parameter.doc),
  ])
  lines.push(...table(['argument', 'type', 'default', ''], rows), '')
  return lines
}

function presence(parameter) {
  if (parameter.presence === 'required') return ''
  if (parameter.presence === 'rest') return 'one or more'
  return parameter.defaultText === undefined ? 'optional' : `\`${parameter.defaultText}\``
}

/** Lines of a table with aligned columns, as the formatter wants them. */
function table(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column].length)),
  )
  const line = (cells) => `| ${cells.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}

const cell = (text) => text.replace(/\|/g, '\\|')
