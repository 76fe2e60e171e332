// What a run learned: its curves, classes, confusions, calibration and label correction.
import { formatPlural, formatShare } from '../../platform/quantities.js'
import { html, type Markup } from '../../platform/texts/html.js'
import type { CorrectionExample, CorrectionExamples } from '../../run/loop/correction-examples.js'
import type { RunMaterial } from './material.js'
import { figure, numberCell, type PageSection, snapshotChoice, table } from './page.js'
import { classOrder, groupsOf, type RunPageData, share } from './run-charts.js'

export function curvesSection({ charts }: RunPageData): PageSection {
  const drawn = [
    charts.losses && figure('losses', 'Losses', { log: true }),
    charts.accuracies && figure('accuracies', 'Accuracy'),
    charts.shots && figure('shots', 'Accuracy by class size'),
  ]
  return {
    id: 'curves',
    title: 'Curves',
    content: drawn.every((chart) => chart === undefined)
      ? html`<p>No step was done.</p>`
      : html`<div class="pair">${drawn}</div>
<p class="faint">Drag an end of the strip below a chart to zoom; Ctrl with the wheel, or two fingers, zoom in the chart itself.</p>`,
  }
}

export function classesSection(material: RunMaterial, data: RunPageData): PageSection | undefined {
  if (data.charts.classes === undefined) return undefined
  return {
    id: 'classes',
    title: 'Classes',
    content: html`${snapshotChoice(data.snapshots)}
${figure('classes', 'Images and recall by class', { form: 'tall', note: 'most real images first' })}
${classTable(material, data)}`,
  }
}

function classTable(material: RunMaterial, { recalls }: RunPageData): Markup {
  const classes = material.history.started?.classes ?? []
  const groups = groupsOf(material)
  const last = material.history.epochsDone.at(-1)?.corrections ?? []
  const corrected = last.map(({ branch, perClass }) => ({
    title: last.length === 1 ? 'called noise %' : `called noise % (${branch})`,
    perClass,
  }))
  const rows = classOrder(material).map((c) => {
    const { name = '', real = 0, synthetic = 0 } = classes[c] ?? {}
    const recall = recalls[0]?.[c] ?? null
    const text = recall === null ? '–' : (100 * recall).toFixed(1)
    return [
      name,
      ...(groups.length === 0 ? [] : [groups.find((group) => group.classes.includes(c))?.name ?? '']),
      numberCell(real, String(real)),
      numberCell(synthetic, String(synthetic)),
      html`<td class="number" data-recall="${c}" data-value="${recall ?? ''}">${text}</td>`,
      ...corrected.map(({ perClass }) => {
        const value = share(perClass[c]?.calledNoise, perClass[c]?.synthetic)
        return numberCell(value, value === undefined ? '–' : (100 * value).toFixed(1))
      }),
    ]
  })
  const columns = [
    { title: 'class' },
    ...(groups.length === 0 ? [] : [{ title: 'group' }]),
    { title: 'real', isNumber: true },
    { title: 'synthetic', isNumber: true },
    { title: 'recall %', isNumber: true },
    ...corrected.map(({ title }) => ({ title, isNumber: true })),
  ]
  const rules = groups.map(({ name, rule }) => `${name}: ${rule} real images`)
  return html`${table(columns, rows, { name: 'classes', sortable: true, high: rows.length > 20 })}
${rules.length === 0 ? undefined : html`<p class="faint">${rules.join('; ')}</p>`}`
}

export function confusionSection({ charts, snapshots }: RunPageData): PageSection | undefined {
  if (charts.confusion === undefined) return undefined
  return {
    id: 'confusions',
    title: 'Confusions',
    content: html`${snapshotChoice(snapshots)}
${figure('confusion', 'Confusion matrix', { form: 'square', bySize: true, note: 'a row per true class; colour is the share of the row' })}
<h3>Most frequent confusions</h3>
${table(
  [
    { title: 'true class' },
    { title: 'predicted' },
    { title: 'images', isNumber: true },
    { title: 'share of the class', isNumber: true },
  ],
  [],
  { name: 'confusions' },
)}`,
  }
}

export function calibrationSection(material: RunMaterial, data: RunPageData): PageSection | undefined {
  const isAsked = material.history.evaluations.some((events) => events.some(({ ece }) => ece !== undefined))
  if (!isAsked) return undefined
  return {
    id: 'calibration',
    title: 'Calibration',
    content:
      data.charts.calibration === undefined
        ? html`<p>The journal of this run holds the calibration error but not its bins; a newer saurun keeps them.</p>`
        : html`${snapshotChoice(data.snapshots)}
${figure('calibration', 'Reliability', { zooms: false, note: 'a bar below the dashed line: surer than it is right' })}`,
  }
}

export function correctionSection(material: RunMaterial, { charts }: RunPageData): PageSection | undefined {
  if (charts.correction === undefined) return undefined
  return {
    id: 'correction',
    title: 'Label correction',
    content: html`<div class="pair">${figure('correction', 'Synthetic images called noise')}
${charts.corrected === undefined ? undefined : figure('corrected', 'Called noise by class, last epoch')}</div>
${material.examples.map((examples) => examplesOf(examples, material.examples.length > 1))}`,
  }
}

function examplesOf(examples: CorrectionExamples, isOneOfMany: boolean): Markup {
  const { branch, epoch, whole, images, calledNoise, noise, kept } = examples
  const where = `epoch ${epoch + 1}${whole ? '' : ', only since the run was resumed inside it'}`
  return html`<h3>${isOneOfMany ? `${branch}: what` : 'What'} was called noise and what was kept</h3>
<p class="faint">Of ${formatPlural(images, 'synthetic image')} in ${where}, ${calledNoise} were called noise (${formatShare(images === 0 ? 0 : calledNoise / images)}). The number is the certainty: by how much the nearest neighbour that decided is nearer, in cosine, than the nearest that would have decided otherwise.</p>
${list('Noise, most certain', noise.most)}
${list('Noise, least certain', noise.least)}
${list('Kept, most certain', kept.most)}
${list('Kept, least certain', kept.least)}`
}

function list(title: string, examples: readonly CorrectionExample[]): Markup | undefined {
  if (examples.length === 0) return undefined
  return html`<h3>${title}</h3>
<ul class="thumbnails">${examples.map((example) => {
    const { shows } = example
    const isWrong = shows !== undefined && shows !== example.class
    return html`<li><img src="data:image/png;base64,${example.png}" width="64" height="64" alt="record ${example.record}, given as ${example.class}" title="record ${example.record}">${example.class}${isWrong ? html`<br><span class="wrong">shows ${shows}</span>` : undefined}<br><span class="faint">${example.certainty.toFixed(3)}</span></li>
`
  })}</ul>
`
}
