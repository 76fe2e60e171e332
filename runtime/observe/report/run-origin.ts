// What a run was made from and how long it took: params, texts, hashes, environment, times, and the command
// to repeat it.
import { basename } from 'node:path'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPlural,
  formatShare,
} from '../../platform/quantities.js'
import { html, type Markup } from '../../platform/texts/html.js'
import { commandLine } from '../../platform/texts/shell.js'
import type { RunSettings } from '../../run/folder/lock.js'
import type { RunMaterial } from './material.js'
import { facts, figure, type PageSection, table } from './page.js'
import type { RunPageData } from './run-charts.js'

export function timingSection({ history }: RunMaterial, { charts }: RunPageData): PageSection {
  const { epochsDone, evaluations, checkpoints, steps } = history
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const mean = (values: readonly number[]): string =>
    values.length === 0 ? 'not measured' : formatDuration(sum(values) / values.length)
  const evaluated = evaluations.flat().map(({ seconds }) => seconds)
  const saved = checkpoints.map(({ seconds }) => seconds)
  const weight = sum(steps.map((event) => event.steps))
  const waited = sum(steps.map((event) => event.steps * event.dataWait)) / weight
  const speeds = epochsDone.map(({ samplesPerSecond }) => samplesPerSecond)
  return {
    id: 'timing',
    title: 'Timing',
    content: html`${facts([
      [
        'training',
        `${formatDuration(sum(epochsDone.map(({ seconds }) => seconds)))} in ${formatPlural(epochsDone.length, 'epoch')}, ${mean(epochsDone.map(({ seconds }) => seconds))} each`,
      ],
      ['evaluation', `${formatDuration(sum(evaluated))} in all, ${mean(evaluated)} each`],
      [
        'checkpoints',
        checkpoints.length === 0
          ? 'none'
          : `${formatDuration(sum(saved))} in all, ${mean(saved)} each, ${formatBytes(checkpoints.at(-1)?.bytes ?? 0)} the last`,
      ],
      ['samples per second', speeds.length === 0 ? 'not measured' : formatCount(sum(speeds) / speeds.length)],
      ['waiting for data', weight === 0 ? 'not measured' : `${formatShare(waited)} of the training time`],
    ])}
<div class="pair">${charts.seconds === undefined ? undefined : figure('seconds', 'Seconds an epoch')}
${charts.speed === undefined ? undefined : figure('speed', 'Samples per second')}</div>`,
  }
}

export function experimentSection({ lock, texts }: RunMaterial): PageSection {
  const params = Object.entries(lock.params)
  const shown = (text: string): Markup => html`<pre><code>${text}</code></pre>
`
  return {
    id: 'experiment',
    title: 'Experiment',
    content: html`<h3>Params</h3>
${
  params.length === 0
    ? html`<p>The file has none.</p>`
    : facts(params.map(([name, value]) => [name, html`<code>${String(value)}</code>`]))
}
${texts.map(
  ({ path, text }, i) => html`<h3>${i === 0 ? '' : 'imported: '}<code>${basename(path)}</code></h3>
${shown(text)}`,
)}`,
  }
}

export function originSection(material: RunMaterial): PageSection {
  const { lock, plan, history, texts, textFaults, damagedLines } = material
  const hashes: (readonly [string, Markup | string])[] = [
    ['Plan', html`<code>${lock.planHash}</code>`],
    ...texts.map(({ path, sha256 }) => [basename(path), html`<code>${sha256}</code>`] as const),
    ...(lock.draws ?? []).map(
      ({ dataset, sha256 }) => [`draw: ${dataset}`, html`<code>${sha256}</code>`] as const,
    ),
    ...plan.sources.map((source, i) => {
      const content = lock.sources[i]?.content
      const name = lock.sources[i]?.locations.map((location) => basename(location)).join(', ') ?? ''
      return [
        `data: ${source.format}${name === '' ? '' : ` ${name}`}`,
        content === undefined ? 'drawn by the program' : html`<code>${content}</code>`,
      ] as const
    }),
  ]
  const warnings = [
    ...lock.warnings.filter((warning) => !history.warnings.includes(warning)),
    ...history.warnings,
    ...textFaults.map((text) => `${text}, and is left out`),
    ...(damagedLines === 0
      ? []
      : [
          `${formatPlural(damagedLines, 'line')} of the journal ${damagedLines === 1 ? 'is' : 'are'} torn or damaged and left out`,
        ]),
  ]
  return {
    id: 'origin',
    title: 'Origin',
    content: html`<h3>Warnings</h3>
${warnings.length === 0 ? html`<p>None.</p>` : html`<ul class="warnings">${warnings.map((text) => html`<li>${text}</li>`)}</ul>`}
<h3>Lock</h3>
<p class="faint">SHA-256. Runs with one Plan hash train the same network on the same data.</p>
${facts(hashes)}
<h3>Environment</h3>
${table(
  [
    { title: 'started' },
    { title: 'from step', isNumber: true },
    { title: 'saurun' },
    { title: 'engine' },
    { title: 'threads', isNumber: true },
    { title: 'Node' },
    { title: 'system' },
    { title: 'host' },
  ],
  lock.processes.map((process) => [
    process.started.slice(0, 19).replace('T', ' '),
    String(process.resumedAtStep ?? 0),
    html`<td>${process.program} <code title="${process.code}">${process.code.slice(0, 12)}</code></td>`,
    process.engineDescription,
    String(process.threads),
    process.node,
    process.processor === undefined ? process.platform : `${process.platform}, ${process.processor}`,
    process.host,
  ]),
)}
<h3>Repeat it</h3>
<pre><code>${repeatCommand(lock.file, lock.params, plan.seed, { ...lock.settings, engine: lock.processes.at(-1)?.engine ?? lock.settings.engine, threads: lock.processes.at(-1)?.threads })}</code></pre>
<p class="faint"><code>saurun replay ${material.run}</code> repeats it from its lock and says where the two part. The same engine, threads and program give the same numbers bit for bit; others up to rounding. <code>saurun diff ${material.run} FILE</code> tells whether a file still says the same.</p>`,
  }
}

interface Repeated {
  readonly engine: string
  readonly threads: number | undefined
  readonly workers?: RunSettings['workers']
}

/** The command line that trains the same again, for a POSIX shell. */
export function repeatCommand(
  file: string,
  params: Readonly<Record<string, string | number | boolean>>,
  seed: number,
  { engine, threads }: Repeated,
): string {
  return commandLine([
    'saurun',
    file,
    ...Object.entries(params).map(([name, value]) => `${name}=${value}`),
    '--seed',
    String(seed),
    ...(engine === 'auto' ? [] : ['--engine', engine]),
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
  ])
}
