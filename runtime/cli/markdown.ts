// Markdown as far as the pages of diagnostics use it, for a terminal: headings, code blocks, inline code,
// emphasis.
import type { Palette } from '../observe/text/palette.js'

/** Ends in a line end. Without colours headings and code keep their marks, so that nothing is lost. */
export function renderMarkdown(text: string, paint: Palette): string {
  const lines: string[] = []
  let isCode = false
  for (const line of text.trimEnd().split(/\r?\n/)) {
    if (line.startsWith('```')) {
      isCode = !isCode
      continue
    }
    if (isCode) {
      lines.push(`    ${paint.cyan(line)}`.trimEnd())
      continue
    }
    const heading = /^(#+)\s+(.*)$/.exec(line)
    if (heading !== null) lines.push(paint.bold(inline(heading[2] ?? '', paint)))
    else lines.push(inline(line, paint))
  }
  return `${lines.join('\n')}\n`
}

function inline(text: string, paint: Palette): string {
  return text
    .replace(/`([^`]+)`/g, (whole, code: string) => (paint.cyan(code) === code ? whole : paint.cyan(code)))
    .replace(/\*\*([^*]+)\*\*/g, (_, strong: string) => paint.bold(strong))
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)')
}
