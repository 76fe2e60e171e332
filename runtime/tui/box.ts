// Lines on the screen, and a frame with a title around them.
import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import { cutLine, type Line, lineWidth, padLine, type Span } from './spans.js'
import { okabeIto, type Theme } from './theme.js'

/** One line of spans; colours are left out where the theme has none. */
export function StyledLine({ line, theme }: { readonly line: Line; readonly theme: Theme }): ReactElement {
  return (
    <Text wrap="truncate">
      {line.map((span, position) => (
        // Spans have no identity beyond their place in the line.
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
        <Text key={position} {...style(span, theme)}>
          {span.text}
        </Text>
      ))}
    </Text>
  )
}

function style(
  span: Span,
  theme: Theme,
): { color?: string; bold?: boolean; dimColor?: boolean; inverse?: boolean } {
  return {
    ...(theme.colour && span.colour !== undefined ? { color: span.colour } : {}),
    ...(span.bold === true ? { bold: true } : {}),
    ...(span.dim === true ? { dimColor: true } : {}),
    ...(span.inverse === true ? { inverse: true } : {}),
  }
}

export function Lines({
  lines,
  theme,
}: {
  readonly lines: readonly Line[]
  readonly theme: Theme
}): ReactElement {
  return (
    <Box flexDirection="column">
      {lines.map((line, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its row
        <StyledLine key={position} line={line} theme={theme} />
      ))}
    </Box>
  )
}

/** A frame of `width` x `height` cells; `lines` beyond the inner height are left out, missing ones are blank. */
export function Panel(props: {
  readonly title: Line
  readonly lines: readonly Line[]
  readonly width: number
  readonly height: number
  readonly theme: Theme
}): ReactElement {
  const { width, height, theme } = props
  const { border } = theme
  const inner = width - 2
  const title = cutLine([{ text: ' ' }, ...props.title, { text: ' ' }], Math.max(0, inner - 1), theme.cut)
  const rule = border.horizontal.repeat(Math.max(0, inner - 1 - lineWidth(title)))
  const framed: Line[] = [
    [
      { text: border.topLeft + border.horizontal, dim: true },
      ...title,
      { text: rule + border.topRight, dim: true },
    ],
  ]
  for (let row = 0; row < height - 2; row++) {
    framed.push([
      { text: border.vertical, dim: true },
      ...padLine(props.lines[row] ?? [], inner, theme.cut),
      { text: border.vertical, dim: true },
    ])
  }
  framed.push([
    {
      text: border.bottomLeft + border.horizontal.repeat(Math.max(0, inner)) + border.bottomRight,
      dim: true,
    },
  ])
  return <Lines lines={framed} theme={theme} />
}

interface LegendEntry {
  readonly name: string
  readonly colour: string
  readonly mark: string
  readonly value: string
}

/** Curves by colour, name and latest value; without the values where `width` cells do not hold them. */
export function legend(width: number, entries: readonly LegendEntry[], theme: Theme): Line {
  const draw = (withValues: boolean): Line =>
    entries.flatMap((entry, position) => [
      { text: position === 0 ? '' : withValues ? '  ' : ' ' },
      {
        text:
          theme.colour && theme.unicode ? (withValues ? `${theme.bullet} ` : theme.bullet) : `${entry.mark} `,
        colour: entry.colour,
      },
      { text: entry.name, colour: entry.colour },
      ...(withValues ? [{ text: ` ${entry.value}`, bold: true }] : []),
    ])
  const full = draw(true)
  return lineWidth(full) <= width ? full : draw(false)
}

/** A key and what it does, for the footer. */
export function keyHint(key: string, does: string): Line {
  return [
    { text: key, colour: okabeIto.skyBlue, bold: true },
    { text: ` ${does}`, dim: true },
  ]
}
