// Progress as plain lines for logs and pipes: one line an epoch, or one every 30 seconds while an epoch
// lasts. No carriage returns, no colours, and nothing outside ASCII but what the user's own names hold.

import { printable } from '../../../grammar/printable.js'
import { stepSentence } from '../../apps/profile/profile-text.js'
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatPercent,
  formatPlural,
  formatRatio,
} from '../../platform/quantities.js'
import type { Commanded, DataDrawn, JournalEvent } from '../../run/journal/events.js'
import {
  activity,
  emptyRunView,
  epochProgress,
  plantedNoise,
  type RunView,
  reduceRunView,
  remainingSeconds,
} from '../../run/view/run-view.js'
import { dataSentence, drawnImages } from './data-sentence.js'
import { groupText } from './evaluation-text.js'

/** Milliseconds after which a line is due though nothing has ended, of journal time inside a long epoch. */
export const lineInterval = 30_000

/** What a reader of the journal writes about an event, given the run's view after it. */
export interface PlainLines {
  /** Lines that are due after the event, without line ends. */
  event(event: JournalEvent, view: RunView): readonly string[]
  /** Lines that were still held back; call once, after the last event. */
  finish(view: RunView): readonly string[]
}

/**
 * The lines alone, for those who fold the journal themselves; `verbose` adds a line for every phase and
 * checkpoint.
 */
export function plainLines(options: { readonly verbose: boolean }): PlainLines {
  let lastLine = 0
  // An epoch's line waits for its evaluations, which follow it in the journal.
  let waiting: number | undefined

  const flush = (view: RunView): readonly string[] => {
    if (waiting === undefined) return []
    const line = epochLine(view, waiting)
    waiting = undefined
    return [line]
  }

  const render = (event: JournalEvent, view: RunView): readonly string[] => {
    switch (event.event) {
      case 'run_started':
        return startLines(view)
      case 'data_ready':
        return [`images     ${dataSentence(event)} (ready in ${formatDuration(event.seconds)})`]
      case 'data_drawn':
        return event.draws.map(drawLine)
      case 'engine_ready':
        return [`engine     ${event.description} (ready in ${formatDuration(event.seconds)})`]
      case 'phase_started': {
        const note = options.verbose ? [`           ${activity(view)}`] : []
        if (event.phase === 'evaluate' || event.phase === 'checkpoint') return note
        return [...flush(view), ...note]
      }
      case 'steps_done': {
        const held = flush(view)
        if (held.length > 0 || event.time - lastLine < lineInterval) return held
        return [stepLine(view)]
      }
      case 'epoch_done': {
        const held = flush(view)
        waiting = event.epoch
        return held
      }
      case 'checkpoint_written':
        return options.verbose ? [`checkpoint ${event.path}`] : []
      case 'profiled':
        return [`profile    ${stepSentence(event)} (${event.path})`]
      case 'evaluated':
        return []
      case 'warned':
        return [`warning    ${event.code === undefined ? '' : `${event.code}: `}${printable(event.message)}`]
      case 'advised':
        return [`advice     ${printable(event.message)}`]
      case 'commanded':
        return [`command    ${commandText(event)} (${printable(event.by)})`]
      case 'extended':
        return [`extended   from ${formatPlural(event.before, 'epoch')} to ${formatCount(event.epochs)}`]
      case 'run_ended':
        return flush(view)
    }
  }

  return {
    event(event, view) {
      if (event.event === 'run_started') lastLine = event.time
      const lines = render(event, view)
      if (lines.length > 0) lastLine = event.time
      return lines
    },
    finish: flush,
  }
}

export interface PlainRenderer {
  /** Lines that are due after the event, without line ends. */
  event(event: JournalEvent): readonly string[]
  /** Lines that were still held back; call once, after the last event. */
  finish(): readonly string[]
  readonly view: () => RunView
}

/** `plainLines` with the view that they need. */
export function plainRenderer(options: { readonly verbose: boolean }): PlainRenderer {
  const lines = plainLines(options)
  let view = emptyRunView
  return {
    event(event) {
      view = reduceRunView(view, event)
      return lines.event(event, view)
    },
    finish: () => lines.finish(view),
    view: () => view,
  }
}

/** `stop now`, `extend by 10 epochs`. */
function commandText({ command, epochs }: Commanded): string {
  const words = command.replace('_', ' ')
  return epochs === undefined ? words : `${words} by ${formatPlural(epochs, 'epoch')}`
}

function startLines(view: RunView): readonly string[] {
  const { started } = view
  if (started === undefined) return []
  const real = started.classes.reduce((sum, entry) => sum + entry.real, 0)
  const synthetic = started.classes.reduce((sum, entry) => sum + entry.synthetic, 0)
  const lines = [
    `experiment ${printable(started.title)}`,
    `run        ${started.run} (${printable(started.file)}, plan ${started.planHash.slice(0, 12)})`,
    `data       ${started.classes.length} classes, ${formatCount(real)} real and ${formatCount(synthetic)} synthetic images`,
    `training   ${formatPlural(started.epochs, 'epoch')} of ${formatPlural(started.stepsPerEpoch, 'step')}, batch ${started.batch}, ${formatCount(started.parameters)} parameters`,
  ]
  if (started.resumed !== undefined) {
    lines.push(`resumed    from ${started.resumed.checkpoint}, at step ${formatCount(started.resumed.step)}`)
  }
  for (const warning of started.warnings) lines.push(`warning    ${printable(warning)}`)
  return lines
}

/** `draw       real: 1,240 images, 9f86d081884c`. */
function drawLine({ dataset, sha256, ...draw }: DataDrawn['draws'][number]): string {
  return `draw       ${printable(dataset)}: ${drawnImages(draw)}, ${sha256.slice(0, 12)}`
}

function epochName(epoch: number, view: RunView): string {
  const epochs = (view.started?.epochs ?? 0).toString()
  return `epoch ${(epoch + 1).toString().padStart(epochs.length)}/${epochs}`
}

/** `mixup 1.203, contrast 2.401`; a single loss is the total and needs no list. */
function lossList(view: RunView, losses: readonly number[]): string {
  const names = view.started?.losses ?? []
  if (names.length < 2) return ''
  return ` (${names.map((name, i) => `${shortName(name)} ${formatLoss(losses[i] ?? Number.NaN)}`).join(', ')})`
}

function shortName(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

function epochLine(view: RunView, epoch: number): string {
  const done = view.lastEpoch
  if (done === undefined) return epochName(epoch, view)
  const parts = [`${epochName(epoch, view)}  loss ${formatLoss(done.loss)}${lossList(view, done.losses)}`]
  for (const evaluation of view.evaluations) {
    const { latest } = evaluation
    if (latest === undefined || latest.epoch !== epoch) continue
    const shots = latest.shots?.map((shot) => groupText(shot, formatPercent))
    parts.push(
      `${printable(evaluation.dataset)} ${formatPercent(latest.top1)} %${shots === undefined ? '' : ` (${shots.join(', ')})`}`,
    )
  }
  const planted = plantedNoise(view.corrections)
  if (planted !== undefined) {
    parts.push(
      `noise found: precision ${formatRatio(planted.precision, 2)}, recall ${formatRatio(planted.recall, 2)}`,
    )
  }
  parts.push(`${formatCount(done.samplesPerSecond)} images/s`, formatDuration(done.seconds))
  const remaining = remainingSeconds(view)
  if (remaining !== undefined && remaining > 0) parts.push(`${formatDuration(remaining)} left`)
  return parts.join('  ')
}

function stepLine(view: RunView): string {
  const { latest } = view
  const { epoch, done, steps } = epochProgress(view)
  const parts = [`${epochName(epoch, view)}  step ${formatCount(done)}/${formatCount(steps)}`]
  if (latest !== undefined) {
    parts.push(`loss ${formatLoss(latest.loss)}${lossList(view, latest.losses)}`)
    parts.push(`${formatCount(latest.samplesPerSecond)} images/s`)
  }
  const remaining = remainingSeconds(view)
  if (remaining !== undefined) parts.push(`${formatDuration(remaining)} left`)
  return parts.join('  ')
}
