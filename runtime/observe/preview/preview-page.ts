// A preview as one HTML file: a section a view with its lines of the file, every image with what was drawn
// for it. No script.
import { readFileSync } from 'node:fs'
import { compiledEntry, programVersion } from '../../platform/compiled-entry.js'
import { pixelsPng } from '../../platform/png.js'
import { formatPlural } from '../../platform/quantities.js'
import { html, type Markup } from '../../platform/texts/html.js'
import type { Picture, PreviewedDraw, PreviewedImage, PreviewedView } from './draw-views.js'
import { operationsText, operationText } from './operation-text.js'

/** Tells a page of this program from any other file. */
export const previewGenerator = 'saurun preview'

export interface PreviewText {
  readonly title: string
  readonly file: string
  /** `train.seed`, as it was resolved. */
  readonly seed: number
  /** Declaration of each view, as it is written. */
  readonly declarations: ReadonlyMap<string, string>
}

/** Pixels on the longer side of a shown picture, at least where whole multiples of its own allow it. */
const shownSide = 96

export function previewPage(text: PreviewText, views: readonly PreviewedView[]): string {
  const style = readFileSync(compiledEntry('runtime/observe/report/page/report.css'), 'utf8')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${previewGenerator}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<link rel="icon" href="data:,">
<title>${text.title}: views</title>
<style>
${{ markup: style }}${{ markup: ownStyle }}</style>
</head>
<body>
<nav><div class="places">${views.map(({ name }) => html`<a href="#view-${name}">${name}</a>`)}</div></nav>
<header><h1>${text.title}: what its views do</h1>
<p>${text.file}, seed ${text.seed}. Each row is an image of the experiment's own data: the original, then what training draws from it in its first epochs. Normalization comes after this and is not shown.</p>
<p><span class="origin real">real</span> <span class="origin synthetic">synthetic</span> Hover over a picture, or open the list below it, for the numbers that were drawn.</p>
</header>
<main>
${views.map((view) => section(view, text.declarations.get(view.name)))}</main>
<footer>Made by saurun ${programVersion()}.</footer>
</body>
</html>
`.markup
}

function section(view: PreviewedView, declaration: string | undefined): Markup {
  const { name, usedBy, dataset, output, images, normalized } = view
  return html`<section id="view-${name}">
<h2>${name}</h2>
${declaration === undefined ? undefined : html`<pre><code>${declaration}</code></pre>`}
<p class="faint">On ${dataset}, for ${usedBy.join(', ')}; ${output.width} x ${output.height} pixels come out${normalized ? ', then normalized' : ''}.</p>
${images.map(row)}</section>
`
}

function row(image: PreviewedImage): Markup {
  const { origin, original, draws, real, synthetic, shows } = image
  return html`<article class="image ${origin}">
<div class="about"><b>${image.class}</b><br><span class="origin ${origin}">${origin}</span>
<br><span class="faint">class of ${formatPlural(real, 'real image')}${synthetic === 0 ? '' : ` and ${synthetic} synthetic`}<br>record ${image.record}, ${image.width} x ${image.height}</span>${
    shows === undefined ? undefined : html`<br><span class="wrong">shows ${shows}</span>`
  }</div>
<figure>${shown(original, `${image.class}, ${origin}, the original`, 'as it is')}<figcaption>original</figcaption></figure>
${draws.map((draw) => drawn(draw, image))}${draws.length === 0 ? html`<p class="faint">no epoch yields it</p>` : undefined}
</article>
`
}

function drawn({ epoch, operations, picture }: PreviewedDraw, image: PreviewedImage): Markup {
  const text = operationsText(operations)
  return html`<figure>${shown(picture, `${image.class}, ${image.origin}, as drawn in epoch ${epoch + 1}`, text)}<figcaption><details><summary>epoch ${epoch + 1}</summary>${
    operations.length === 0
      ? 'nothing'
      : html`<ol>${operations.map((operation) => html`<li>${operationText(operation)}</li>`)}</ol>`
  }</details></figcaption></figure>
`
}

function shown({ width, height, channels, pixels }: Picture, alt: string, title: string): Markup {
  const png = Buffer.from(pixelsPng(width, height, channels, pixels)).toString('base64')
  const factor = Math.max(1, Math.floor(shownSide / Math.max(width, height)))
  return html`<img src="data:image/png;base64,${png}" width="${factor * width}" height="${factor * height}" alt="${alt}" title="${title}">`
}

const ownStyle = `
.origin { padding: 0 0.45rem; border-radius: 1rem; color: #fff; font-size: 0.78rem; font-weight: 600; }
.origin.real { background: #0072b2; }
.origin.synthetic { background: #b84f00; }
.image { display: flex; flex-wrap: wrap; gap: 0.7rem; align-items: flex-start; padding: 0.6rem 0; border-top: 1px solid var(--rule); break-inside: avoid; }
.image .about { width: 11rem; font-size: 0.85rem; }
.image .wrong { color: var(--bad); }
.image figure { margin: 0; padding: 0; border: 0; background: none; min-width: 104px; max-width: 12.5rem; }
.image img { display: block; box-sizing: content-box; image-rendering: pixelated; max-width: 100%; height: auto; border: 3px solid; border-radius: 4px; }
.image.real img { border-color: #0072b2; }
.image.synthetic img { border-color: #d55e00; }
.image figcaption { display: block; padding: 0; margin: 0; font-size: 0.76rem; color: var(--faint); }
.image ol { margin: 0.1rem 0; padding-left: 1.1rem; }
`
