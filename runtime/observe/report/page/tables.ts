// Tables that a click on a heading sorts: numbers first from large to small, text from A to Z.

export function makeSortable(table: HTMLTableElement): void {
  const heads = [...table.querySelectorAll<HTMLElement>('thead th')]
  for (const [column, head] of heads.entries()) {
    const button = head.querySelector('button')
    button?.addEventListener('click', () => {
      const isNumber = head.classList.contains('number')
      const before = head.getAttribute('aria-sort')
      const first = isNumber ? 'descending' : 'ascending'
      const order = before === first ? (isNumber ? 'ascending' : 'descending') : first
      for (const other of heads) other.removeAttribute('aria-sort')
      head.setAttribute('aria-sort', order)
      sort(table, column, isNumber, order === 'ascending' ? 1 : -1)
    })
  }
}

function sort(table: HTMLTableElement, column: number, isNumber: boolean, sign: 1 | -1): void {
  const [body] = table.tBodies
  if (body === undefined) return
  const value = (row: HTMLTableRowElement): string => {
    const cell = row.cells[column]
    return cell?.dataset.value ?? cell?.textContent ?? ''
  }
  const compare = (a: HTMLTableRowElement, b: HTMLTableRowElement): number => {
    if (!isNumber) return sign * value(a).localeCompare(value(b), 'en', { numeric: true })
    const [x, y] = [value(a), value(b)]
    // What was not measured stands last in either order.
    if (x === '' || y === '') return x === y ? 0 : x === '' ? 1 : -1
    return sign * (Number(x) - Number(y))
  }
  body.append(...[...body.rows].sort(compare))
}

/** Puts a snapshot's recalls into the table of classes. */
export function showRecalls(table: HTMLTableElement, recalls: readonly (number | null)[]): void {
  for (const cell of table.querySelectorAll<HTMLElement>('td[data-recall]')) {
    const value = recalls[Number(cell.dataset.recall)] ?? null
    cell.dataset.value = value === null ? '' : String(value)
    cell.textContent = value === null ? '–' : (100 * value).toFixed(1)
  }
}
