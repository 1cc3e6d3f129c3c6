/** Parses numbers in the notations of tables. Notations that only JavaScript accepts (0x1F, Infinity, '') are refused. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const INTEGER = /^[+-]?\d+$/
const COMMA_NUMBER = /^[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?$/

/** Spreadsheets, pandas, R, databases and C write these for a missing value. */
const EMPTY = new Set(['', 'nan', 'na', '-nan', '-nan(ind)', 'n/a', '#n/a', '<na>', 'null', 'none'])

export function isEmpty(text: string): boolean {
  return EMPTY.has(text.trim().toLowerCase())
}

/** A bigint only beyond 2^53. */
export type FrameNumber = number | bigint

/**
 * Parses a frame number from text or JSON; null if it is not an integer. 1.0 and 1e3 are integers too: pandas writes them in a
 * column with gaps, numpy and R in general. Beyond 2^53 only plain digits are exact.
 */
export function frameNumber(value: unknown): FrameNumber | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : null
  if (typeof value !== 'string') return null
  const text = value.trim()
  const number = NUMBER.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number + 0
  return INTEGER.test(text) ? BigInt(text.replace('+', '')) : null
}

/** Parses the cells of one file, which must all use the same decimal mark. */
export class NumberReader {
  /** The decimal mark of the file; undefined before the first number that has one. */
  mark: '.' | ',' | undefined
  readonly #commas: boolean

  /** @param commas true if a comma may be the decimal mark */
  constructor(commas: boolean) {
    this.#commas = commas
  }

  /** True after a decimal comma was read. */
  get readCommas(): boolean {
    return this.mark === ','
  }

  /** @returns null for an empty cell, an error message for a cell that is not a number */
  read(cell: string): number | null | string {
    const text = cell.trim()
    if (NUMBER.test(text)) {
      const value = Number(text)
      if (!Number.isFinite(value)) return `${JSON.stringify(cell)} is larger than any number`
      return this.#commas && text.includes('.') && !this.#agrees('.') ? mixed(cell) : value
    }
    if (isEmpty(text)) return null
    const what = `${JSON.stringify(cell)} is not a number`
    if (!COMMA_NUMBER.test(text)) return what
    if (!this.#commas) return `${what}; --decimal-comma reads 1,5 as 1.5`
    return this.#agrees(',') ? Number(text.replace(',', '.')) : mixed(cell)
  }

  /** The byte of the decimal mark; -1 if it is not known yet. */
  get markByte(): number {
    if (!this.#commas) return 0x2e
    return this.mark === undefined ? -1 : this.mark.charCodeAt(0)
  }

  /** Parses a frame number; null if it is not an integer. */
  readFrame(cell: string): FrameNumber | null {
    return frameNumber(this.#commas ? cell.replace(',', '.') : cell)
  }

  #agrees(mark: '.' | ','): boolean {
    this.mark ??= mark
    return this.mark === mark
  }
}

function mixed(cell: string): string {
  return `${JSON.stringify(cell)} is ambiguous: some cells of the file have a decimal point and others a decimal comma`
}

const TRUTHS = new Map([
  ...['true', 't', 'yes'].map((word) => [word, true] as const),
  ...['false', 'f', 'no'].map((word) => [word, false] as const),
])

/** The truth value that a cell holds as a word; undefined if it holds none. */
export function truthOf(text: string): boolean | undefined {
  return TRUTHS.get(text) ?? TRUTHS.get(text.trim().toLowerCase())
}
