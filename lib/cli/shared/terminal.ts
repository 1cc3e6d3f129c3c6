/** Formats numbers, units and tables for a terminal. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 1234567 -> '1,234,567' */
export function thousands(n: number | bigint): string {
  return grouped.format(n)
}

/** (1, 'frame') -> '1 frame'; (2, 'frame') -> '2 frames' */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${thousands(n)} ${n === 1 ? singular : plural}`
}

/** 123456 -> '123 kB', with three digits */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let unit = 0
  while (n >= 999.5 && unit < units.length - 1) {
    n /= 1000
    unit++
  }
  return `${unit === 0 ? n : n.toPrecision(3)} ${units[unit]}`
}

/** 0.1234 -> '12.3 %' */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`
}

/** 75.04 -> '1 min 15.0 s', 3600 -> '1 h' */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(1000 * seconds)} ms`
  const tenths = Math.round(10 * seconds)
  const hours = Math.floor(tenths / 36000)
  const minutes = Math.floor(tenths / 600) % 60
  const rest = ((tenths % 600) / 10).toFixed(1)
  const parts = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, tenths % 600 > 0 && `${rest} s`]
  return parts.filter(Boolean).join(' ')
}

/** Pads the cells of each column: the first column is aligned left, the others right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
  return rows.map((row) => row.map(pad).join('  ').trimEnd())
}

export type Entry = readonly [label: string, text: string | readonly string[]]

/** Prints labels in a column, each followed by one or more lines of text. */
export function labelled(entries: readonly Entry[]): string {
  return entries
    .flatMap(([label, text]) => {
      const lines = typeof text === 'string' ? [text] : text
      return lines.map((line, i) => `${(i === 0 ? label : '').padEnd(12)}${line}\n`)
    })
    .join('')
}

/**
 * Escapes control characters and line breaks, so that names from a file cannot control the terminal. Bytes of a name that are not
 * UTF-8 get different escapes.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/gu, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1)
    return escaped === character ? `\\u00${character.charCodeAt(0).toString(16)}` : escaped
  })
}

/** Writes to standard output. */
export function print(text: string): void {
  process.stdout.write(text)
}
