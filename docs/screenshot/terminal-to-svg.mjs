// Turns a captured terminal screen into an SVG picture:
//   tmux capture-pane -e -p | node docs/screenshot/terminal-to-svg.mjs [columns [title]] > picture.svg
// Understands the colours and styles of ECMA-48 SGR (16, 256 and direct colours). Block elements and Braille
// are drawn as shapes, so that bars and curves join without gaps whatever font the viewer has.
import { readFileSync } from 'node:fs'

const cell = { width: 8.4, height: 17 }
const margin = 14
const bar = 30
const background = '#16181d'
const foreground = '#d8dbe2'
const fonts = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
const palette = [
  ['#16181d', '#e0605e', '#5fb97d', '#d8b45c', '#5b9bd5', '#b583c9', '#56b4c4', '#c5c9d3'],
  ['#6b7280', '#f08886', '#86d39f', '#f0d082', '#86b9ea', '#cda5dd', '#84d0dd', '#ffffff'],
].flat()

/** Colour number n of the 256-colour palette. */
function indexed(n) {
  if (n < 16) return palette[n]
  if (n >= 232) return hex([8 + 10 * (n - 232), 8 + 10 * (n - 232), 8 + 10 * (n - 232)])
  const level = (value) => (value === 0 ? 0 : 55 + 40 * value)
  return hex([level(Math.floor((n - 16) / 36)), level(Math.floor((n - 16) / 6) % 6), level((n - 16) % 6)])
}

const hex = (channels) =>
  `#${channels.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`

const plain = { fore: undefined, back: undefined, bold: false, dim: false, inverse: false }

/** The style after the codes of one SGR sequence. */
function applyCodes(style, codes) {
  let next = style
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]
    if (code === 0) next = plain
    else if (code === 1) next = { ...next, bold: true }
    else if (code === 2) next = { ...next, dim: true }
    else if (code === 7) next = { ...next, inverse: true }
    else if (code === 22) next = { ...next, bold: false, dim: false }
    else if (code === 27) next = { ...next, inverse: false }
    else if (code === 39) next = { ...next, fore: undefined }
    else if (code === 49) next = { ...next, back: undefined }
    else if (code >= 30 && code <= 37) next = { ...next, fore: palette[code - 30] }
    else if (code >= 90 && code <= 97) next = { ...next, fore: palette[code - 82] }
    else if (code >= 40 && code <= 47) next = { ...next, back: palette[code - 40] }
    else if (code === 38 || code === 48) {
      const colour = codes[i + 1] === 5 ? indexed(codes[i + 2]) : hex(codes.slice(i + 2, i + 5))
      i += codes[i + 1] === 5 ? 2 : 4
      next = code === 38 ? { ...next, fore: colour } : { ...next, back: colour }
    }
  }
  return next
}

const escapeCode = String.fromCharCode(27)
/** An SGR sequence with its codes, any other escape sequence, or a character. */
const escapeOrCharacter = new RegExp(
  `${escapeCode}\\[([0-9;:]*)m|${escapeCode}\\[[0-9;?]*[A-Za-z]|${escapeCode}[()][A-Z0-9]|([\\s\\S])`,
  'gu',
)

/** Cells of one line: character and style. */
function cellsOf(line, start) {
  const cells = []
  let style = start
  for (const match of line.matchAll(escapeOrCharacter)) {
    if (match[2] !== undefined) cells.push({ character: match[2], style })
    else if (match[1] !== undefined) style = applyCodes(style, match[1].split(/[;:]/).map(Number))
  }
  return { cells, style }
}

/** Shades are dots so many units apart. */
const shades = { '░': 4.2, '▒': 2.8 }

const round = (value) => Number(value.toFixed(2))
const rectangle = (x, y, width, height) =>
  `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`

/** A path for characters that must touch their neighbours; undefined for all others. */
function shapeOf(character, x, y) {
  const code = character.codePointAt(0)
  const { width, height } = cell
  if (code >= 0x2581 && code <= 0x2588) {
    const part = (code - 0x2580) / 8
    return rectangle(x, y + height * (1 - part), width, height * part)
  }
  if (code >= 0x2589 && code <= 0x258f) return rectangle(x, y, (width * (0x2590 - code)) / 8, height)
  if (code >= 0x2800 && code <= 0x28ff) {
    const bits = [
      [0x01, 0, 0],
      [0x02, 0, 1],
      [0x04, 0, 2],
      [0x40, 0, 3],
      [0x08, 1, 0],
      [0x10, 1, 1],
      [0x20, 1, 2],
      [0x80, 1, 3],
    ]
    return bits
      .filter(([bit]) => ((code - 0x2800) & bit) !== 0)
      .map(([, column, row]) => {
        const radius = 1.25
        const cx = x + (width * (2 * column + 1)) / 4
        const cy = y + (height * (2 * row + 1)) / 8
        return `M${round(cx - radius)} ${round(cy)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`
      })
      .join('')
  }
  const boxes = { '─': 'lr', '│': 'ud', '╭': 'rd', '╮': 'ld', '╰': 'ru', '╯': 'lu' }
  const arms = boxes[character]
  if (arms === undefined) return undefined
  const thick = 1.1
  const mx = x + width / 2 - thick / 2
  const my = y + height / 2 - thick / 2
  const part = {
    l: rectangle(x, my, width / 2, thick),
    r: rectangle(mx, my, width / 2 + thick / 2, thick),
    u: rectangle(mx, y, thick, height / 2),
    d: rectangle(mx, my, thick, height / 2 + thick / 2),
  }
  return [...arms].map((arm) => part[arm]).join('')
}

const escapeText = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/**
 * @param text screen with escape codes
 * @param columns width of the picture in cells; the longest line where left out
 * @param title what the picture shows, for those who cannot see it
 */
export function terminalToSvg(text, columns, title = 'A terminal') {
  const lines = []
  let style = plain
  for (const line of text.replace(/\n+$/, '').split('\n')) {
    const read = cellsOf(line, style)
    lines.push(read.cells)
    style = read.style
  }
  const across = columns ?? Math.max(...lines.map((cells) => cells.length))
  const width = round(across * cell.width + 2 * margin)
  const height = round(lines.length * cell.height + 2 * margin + bar)
  const shapes = new Map()
  const patterns = new Map()
  const pattern = (step, colour) => {
    const id = `shade-${step}-${colour.slice(1)}`.replace('.', '-')
    patterns.set(
      id,
      `<pattern id="${id}" width="${step}" height="${step}" patternUnits="userSpaceOnUse"><rect width="1.5" height="1.5" fill="${colour}"/></pattern>`,
    )
    return `url(#${id})`
  }
  const texts = []
  lines.forEach((cells, row) => {
    const y = bar + margin + row * cell.height
    let run
    const flush = () => {
      if (run !== undefined && run.text.trim() !== '') {
        const weight = run.style.bold ? ' font-weight="bold"' : ''
        const faded = run.style.dim ? ' opacity="0.6"' : ''
        texts.push(
          `<text x="${round(run.x)}" y="${round(y + 12.6)}" textLength="${round(run.count * cell.width)}" fill="${run.style.fore ?? foreground}"${weight}${faded} xml:space="preserve">${escapeText(run.text)}</text>`,
        )
      }
      run = undefined
    }
    cells.forEach(({ character, style: raw }, column) => {
      const look = raw.inverse ? { ...raw, fore: raw.back ?? background, back: raw.fore ?? foreground } : raw
      const x = margin + column * cell.width
      if (look.back !== undefined) add(shapes, `${look.back}|1`, rectangle(x, y, cell.width, cell.height))
      const shade = shades[character]
      const shape = shade === undefined ? shapeOf(character, x, y) : rectangle(x, y, cell.width, cell.height)
      const fill = shade === undefined ? (look.fore ?? foreground) : pattern(shade, look.fore ?? foreground)
      if (shape !== undefined) {
        flush()
        add(shapes, `${fill}|${look.dim ? 0.6 : 1}`, shape)
        return
      }
      const isSame = run !== undefined && JSON.stringify(run.style) === JSON.stringify(look)
      if (!isSame) {
        flush()
        run = { x, text: '', count: 0, style: look }
      }
      run.text += character
      run.count += 1
    })
    flush()
  })
  const paths = [...shapes].map(([key, path]) => {
    const [fill, opacity] = key.split('|')
    return `<path d="${path}" fill="${fill}"${opacity === '1' ? '' : ` opacity="${opacity}"`}/>`
  })
  const lights = ['#e0605e', '#d8b45c', '#5fb97d'].map(
    (colour, i) => `<circle cx="${18 + 18 * i}" cy="16" r="5.5" fill="${colour}"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fonts}" font-size="13.5" role="img">
<title>${escapeText(title)}</title>
<defs>${[...patterns.values()].join('')}</defs>
<rect width="${width}" height="${height}" rx="8" fill="${background}"/>
${lights.join('')}
${paths.join('\n')}
${texts.join('\n')}
</svg>
`
}

function add(map, key, path) {
  map.set(key, (map.get(key) ?? '') + path)
}

if (process.argv[1]?.endsWith('terminal-to-svg.mjs')) {
  const columns = process.argv[2] === undefined ? undefined : Number(process.argv[2])
  process.stdout.write(terminalToSvg(readFileSync(0, 'utf8'), columns, process.argv[3]))
}
