// One HTML file that needs nothing else: style, script, charts and data are in it, and its policy forbids
// every request.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { compiledEntry, programVersion } from '../../platform/compiled-entry.js'
import { html, type Markup, scriptJson } from '../../platform/texts/html.js'
import type { PageData } from './page-data.js'

/** Tells a page of this program from any other file. */
export const generator = 'saurun report'

export interface PageSection {
  /** Name in the address, and in the list of places at the top. */
  readonly id: string
  readonly title: string
  readonly content: Markup
}

export function pageText(
  title: string,
  head: Markup,
  sections: readonly PageSection[],
  data: PageData,
): string {
  const style = readFileSync(compiledEntry('runtime/observe/report/page/report.css'), 'utf8')
  const script = readFileSync(compiledEntry('runtime/observe/report/page/page.js'), 'utf8')
  // Only this very script may run: nothing that a file's names smuggle in would.
  const digest = createHash('sha256').update(script).digest('base64')
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${digest}'`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${generator}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>
${{ markup: style }}</style>
</head>
<body>
<nav><div class="places">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</div><button id="theme" type="button" title="light or dark colours">Dark</button></nav>
<header>${head}</header>
<main>
${sections.map(
  ({ id, title, content }) => html`<section id="${id}">
<h2>${title}</h2>
${content}
</section>
`,
)}</main>
<footer>Made by saurun ${programVersion()} from the run folder alone. The charts are drawn by Apache ECharts, which is in this file with its licence.</footer>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${{ markup: script }}</script>
</body>
</html>
`.markup
}

/** A chart of the page's data, with what can be done to it. */
export function figure(
  chart: string,
  title: string,
  options: {
    readonly note?: string
    readonly form?: 'tall' | 'square'
    readonly log?: boolean
    readonly bySize?: boolean
    /** Whether it can be zoomed; true where left out. */
    readonly zooms?: boolean
  } = {},
): Markup {
  const { note, form, log = false, bySize = false, zooms = true } = options
  const controls = [
    log ? html`<label><input type="checkbox" class="log"> log axis</label>` : undefined,
    bySize ? html`<label><input type="checkbox" class="by-size"> by real images</label>` : undefined,
    zooms ? html`<button type="button" class="whole">reset zoom</button>` : undefined,
    html`<span class="save"><button type="button" class="save-svg" title="save as a vector graphic">SVG</button><button type="button" class="save-png" title="save as a picture, three times as fine as the screen">PNG</button></span>`,
  ]
  return html`<figure data-chart="${chart}">
<figcaption><b>${title}</b>${controls}${note === undefined ? undefined : html`<small>${note}</small>`}</figcaption>
<div class="plot ${form ?? ''}" role="img" aria-label="${title}"></div>
</figure>
`
}

/** Which evaluation the page shows class by class; several lists of one page follow each other. */
export function snapshotChoice(labels: readonly string[]): Markup {
  if (labels.length < 2) return html`<p class="faint">${labels[0]}</p>`
  return html`<p><label>Evaluation <select class="snapshot">${labels.map(
    (label, i) => html`<option value="${i}">${label}</option>`,
  )}</select></label></p>`
}

export interface Column {
  readonly title: string
  readonly isNumber?: boolean
}

/** A table; `sortable` makes its headings buttons. Cells are markup or text. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (Markup | string)[])[],
  options: { readonly name?: string; readonly sortable?: boolean; readonly high?: boolean } = {},
): Markup {
  const { name = '', sortable = false, high = false } = options
  const numeric = (i: number) => (columns[i]?.isNumber === true ? 'number' : '')
  return html`<div class="scroll ${high ? 'high' : ''}"><table class="${name} ${sortable ? 'sortable' : ''}">
<thead><tr>${columns.map(({ title }, i) =>
    sortable
      ? html`<th class="${numeric(i)}"><button type="button">${title}</button></th>`
      : html`<th class="${numeric(i)}">${title}</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr>${row.map((cell, i) =>
        typeof cell === 'string' ? html`<td class="${numeric(i)}">${cell}</td>` : cell,
      )}</tr>
`,
  )}</tbody>
</table></div>
`
}

/** A number for a sortable table: shown as text, sorted by its value. */
export function numberCell(value: number | null | undefined, text: string): Markup {
  return html`<td class="number" data-value="${value ?? ''}">${text}</td>`
}

/** Facts, one a line. */
export function facts(rows: readonly (readonly [name: string, value: Markup | string])[]): Markup {
  return html`<div class="scroll"><table><tbody>${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`,
  )}</tbody></table></div>
`
}

export function tiles(entries: readonly (readonly [value: string, what: string])[]): Markup {
  return html`<div class="tiles">${entries.map(
    ([value, what]) => html`<div class="tile"><b>${value}</b><span>${what}</span></div>`,
  )}</div>
`
}
