const HEAD = ['what', 'ours', 'peer', 'ratio', 'min-max', 'at least', 'aim', '']

/** @param {{ name: string, lines: import('./verdict.mjs').Line[] }[]} rows */
export function table(rows) {
  const cells = rows.flatMap(({ name, lines }) => lines.map((line) => [`${name}: ${line.what}`, ...cellsOf(line)]))
  const widths = HEAD.map((title, i) => Math.max(title.length, ...cells.map((cell) => cell[i].length)))
  const aligned = (row) =>
    row
      .map((text, i) => (i === 0 || i === row.length - 1 ? text.padEnd(widths[i]) : text.padStart(widths[i])))
      .join('  ')
      .trimEnd()
  return [aligned(HEAD), widths.map((width) => '-'.repeat(width)).join('  '), ...cells.map(aligned)].join('\n')
}

function cellsOf({ unit, ours, peer, ratio, spread, atLeast, aim, limits, verdict }) {
  const measured = (value) => (value === undefined || Number.isNaN(value) ? '' : `${short(value)} ${unit}`)
  const limit = (value) => (value === undefined ? '' : `${value}${limits === 'x' ? 'x' : ` ${limits}`}`)
  const range = ratio
    ? `${short(ratio[1])}-${short(ratio[2])}`
    : spread
      ? `${short(spread[0])}-${short(spread[1])}`
      : ''
  return [
    measured(ours),
    measured(peer),
    ratio ? `${short(ratio[0])}x` : '',
    range,
    limit(atLeast),
    limit(aim),
    verdict,
  ]
}

/** A number with spaces between thousands: 50 000. */
export const spaced = (value) => Math.round(value).toLocaleString('en').replaceAll(',', ' ')

/** A number with three significant digits. */
function short(value) {
  if (Math.abs(value) >= 1000) return spaced(value)
  return String(Number(value.toPrecision(3)))
}
