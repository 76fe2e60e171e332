// metrics.csv: one row an epoch, made of the journal's events, for spreadsheets and data frames. Accuracies
// and shares are in 0..1, and a cell is empty where nothing was measured. An epoch that was trained twice,
// before and after a resumption, has the row of the last time.
import { type Cell, csvText } from '../../platform/texts/csv.js'
import type { EpochDone, Evaluated, JournalEvent, RunStarted } from './events.js'
import { metricValues } from './metric-values.js'

export const metricsFile = 'metrics.csv'

/**
 * What of the table's text another event has changed: the row of the last epoch, which may be new, or more
 * than that.
 */
export type MetricsChange = { readonly row: number } | 'whole' | undefined

export interface MetricsTable {
  add(event: JournalEvent): MetricsChange
  /** The table as RFC 4180 text with `\n` line ends; undefined where no run has started. */
  text(): string | undefined
  /** The epoch of its last row; -1 where it has none. */
  last(): number
  /** One line of it. */
  row(epoch: number): string
}

/** Made event by event, so that a run need not write all of it anew after every epoch. */
export function createMetricsTable(): MetricsTable {
  let started: RunStarted | undefined
  const rows = new Map<number, Map<string, Cell>>()
  const columns = new Set<string>()
  let last = -1
  const line = (epoch: number): readonly Cell[] => {
    const cells = rows.get(epoch)
    return [epoch, ...Array.from(columns, (name) => cells?.get(name))]
  }
  /** Sets cells of an epoch's row. */
  const change = (epoch: number, set: (cells: Map<string, Cell>) => void): MetricsChange => {
    const cells = rows.get(epoch) ?? new Map<string, Cell>()
    rows.set(epoch, cells)
    set(cells)
    const before = columns.size
    for (const name of cells.keys()) columns.add(name)
    const isLast = epoch >= last
    last = Math.max(last, epoch)
    return columns.size === before && isLast ? { row: epoch } : 'whole'
  }
  return {
    add(event) {
      switch (event.event) {
        case 'run_started': {
          started = event
          // What came after the checkpoint that it goes on from is trained again.
          const from = event.resumed?.epoch ?? 0
          for (const epoch of rows.keys()) if (epoch >= from) rows.delete(epoch)
          columns.clear()
          for (const cells of rows.values()) for (const name of cells.keys()) columns.add(name)
          last = Math.max(-1, ...rows.keys())
          return 'whole'
        }
        case 'epoch_done':
          return change(event.epoch, (cells) => setTraining(cells, event, started))
        case 'evaluated':
          return change(event.epoch, (cells) => setEvaluation(cells, event, started))
        default:
          return undefined
      }
    },
    text() {
      if (started === undefined) return undefined
      const epochs = [...rows.keys()].sort((a, b) => a - b)
      return csvText([['epoch', ...columns], ...epochs.map(line)])
    },
    last: () => last,
    row: (epoch) => csvText([line(epoch)]),
  }
}

function setTraining(cells: Map<string, Cell>, event: EpochDone, started: RunStarted | undefined): void {
  cells.set('step', event.step)
  cells.set('seconds', event.seconds)
  cells.set('samples_per_second', event.samplesPerSecond)
  cells.set('learning_rate', event.rate)
  cells.set('loss', event.loss)
  started?.losses.forEach((name, position) => {
    cells.set(`loss.${name}`, event.losses[position])
  })
  for (const { branch, synthetic, calledNoise, planted } of event.corrections) {
    cells.set(`correction.${branch}.called_noise`, synthetic === 0 ? undefined : calledNoise / synthetic)
    if (planted === undefined) continue
    cells.set(`correction.${branch}.precision`, planted.precision)
    cells.set(`correction.${branch}.recall`, planted.recall)
  }
}

function setEvaluation(cells: Map<string, Cell>, event: Evaluated, started: RunStarted | undefined): void {
  // Two evaluations of one data set would share their columns otherwise.
  const alike = started?.evaluations.filter(({ dataset }) => dataset === event.dataset).length ?? 1
  const name = alike > 1 ? `${event.dataset}.${event.evaluation}` : event.dataset
  for (const [metric, value] of metricValues(event)) cells.set(`${name}.${metric}`, value)
}
