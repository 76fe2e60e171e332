// The tables of docs/commands.md, from what commands declare. They stand between
// `<!-- flags of NAME, NAME -->` and `<!-- end -->`; a test keeps the page equal to what this makes of it.

const table = /(<!-- flags of ([^>]+?) -->\n).*?(<!-- end -->)/gs

/**
 * @param page text of docs/commands.md, whose tables may be old
 * @param declarations of all commands, those behind another one too
 * @param everywhere flags that every command takes
 * @returns the page with its tables anew
 */
export function withCommandTables(page, declarations, everywhere) {
  return page.replace(table, (_, begin, names, end) => {
    if (names === 'every command')
      return `${begin}${[...head, ...everywhere.map(flagRow)].join('\n')}\n${end}`
    const named = names.split(', ').map((name) => {
      const found = declarations.find((declaration) => declaration.name === name)
      if (found === undefined)
        throw new Error(`docs/commands.md has a table for \`${name}\`, which is no command`)
      return found
    })
    const rows = named.flatMap((declaration) => [
      ...(named.length === 1 ? [] : [commandRow(declaration)]),
      ...declaration.flags.filter((flag) => !everywhere.includes(flag)).map(flagRow),
    ])
    return `${begin}${[...head, ...rows].join('\n')}\n${end}`
  })
}

/** Names of the commands that the page has tables for. */
export function commandsWithTables(page) {
  return [...page.matchAll(table)].flatMap(([, , names]) => names.split(', '))
}

const head = ['|      |      |', '| ---- | ---- |']

function commandRow({ name, summary, arguments: words }) {
  return `| **\`saurun ${[name, ...words.map(({ form }) => form)].join(' ')}\`** | ${cell(summary)} |`
}

function flagRow({ flags, help }) {
  return `| \`${flags}\` | ${cell(help)} |`
}

function cell(text) {
  return text.replaceAll('|', '\\|')
}
