// metrics.csv: one row an epoch, made of the journal's events, for spreadsheets and data frames. Accuracies and shares are
// in 0..1, and a cell is empty where nothing was measured. An epoch that was trained twice, before and after a
// resumption, has the row of the last time.
import { type Cell, csvText } from './csv.js'
import type { Evaluated, JournalEvent, RunStarted } from './events.js'

export const metricsFile = 'metrics.csv'

/** The table as RFC 4180 text with `\n` line ends; undefined where no run has started in these events. */
export function metricsCsv(events: Iterable<JournalEvent>): string | undefined {
  let started: RunStarted | undefined
  const rows = new Map<number, Map<string, Cell>>()
  const row = (epoch: number): Map<string, Cell> => {
    const known = rows.get(epoch) ?? new Map<string, Cell>()
    rows.set(epoch, known)
    return known
  }
  for (const event of events) {
    switch (event.event) {
      case 'run_started':
        started = event
        // What came after the checkpoint that it goes on from is trained again.
        if (event.resumed !== undefined) {
          for (const epoch of rows.keys()) if (epoch >= event.resumed.epoch) rows.delete(epoch)
        }
        break
      case 'epoch_done': {
        const cells = row(event.epoch)
        cells.set('step', event.step)
        cells.set('seconds', event.seconds)
        cells.set('samples_per_second', event.samplesPerSecond)
        cells.set('learning_rate', event.rate)
        cells.set('loss', event.loss)
        started?.losses.forEach((name, position) => {
          cells.set(`loss.${name}`, event.losses[position])
        })
        for (const { branch, synthetic, calledNoise, planted } of event.corrections) {
          cells.set(
            `correction.${branch}.called_noise`,
            synthetic === 0 ? undefined : calledNoise / synthetic,
          )
          if (planted === undefined) continue
          cells.set(`correction.${branch}.precision`, planted.precision)
          cells.set(`correction.${branch}.recall`, planted.recall)
        }
        break
      }
      case 'evaluated':
        setEvaluation(row(event.epoch), event, started)
        break
      default:
    }
  }
  return started === undefined ? undefined : table(rows)
}

function setEvaluation(cells: Map<string, Cell>, event: Evaluated, started: RunStarted | undefined): void {
  // Two evaluations of one data set would share their columns otherwise.
  const alike = started?.evaluations.filter(({ dataset }) => dataset === event.dataset).length ?? 1
  const name = alike > 1 ? `${event.dataset}.${event.evaluation}` : event.dataset
  cells.set(`${name}.loss`, event.loss)
  cells.set(`${name}.top1`, event.top1)
  if (event.top5 !== undefined) cells.set(`${name}.top5`, event.top5)
  if (event.ece !== undefined) cells.set(`${name}.ece`, event.ece)
  for (const group of event.shots ?? []) cells.set(`${name}.${group.name}`, group.accuracy)
}

function table(rows: ReadonlyMap<number, ReadonlyMap<string, Cell>>): string {
  const columns = new Set<string>()
  for (const cells of rows.values()) for (const name of cells.keys()) columns.add(name)
  const lines = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([epoch, cells]) => [epoch, ...[...columns].map((name) => cells.get(name))])
  return csvText([['epoch', ...columns], ...lines])
}
