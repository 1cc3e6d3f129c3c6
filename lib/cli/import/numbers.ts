/** Numbers as tables hold them: what JavaScript takes beyond them (0x1F, 1_000, Infinity, '') is not meant. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const INTEGER = /^[+-]?\d+$/
const COMMA_NUMBER = /^[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?$/

/** What spreadsheets, pandas, R, databases and C write where there is no value. */
const EMPTY = new Set(['', 'nan', 'na', '-nan', '-nan(ind)', 'n/a', '#n/a', '<na>', 'null', 'none'])

export function isEmpty(text: string): boolean {
  return EMPTY.has(text.trim().toLowerCase())
}

/** Number where a number is exact. */
export type FrameNumber = number | bigint

/**
 * A frame number from text or JSON; null where it is none. 1.0 and 1e3 are integers too: so pandas writes them in a column
 * with gaps, numpy and R in general. Beyond 2^53 only plain digits are exact.
 */
export function frameNumber(value: unknown): FrameNumber | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : null
  if (typeof value !== 'string') return null
  const text = value.trim()
  const number = NUMBER.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number + 0
  return INTEGER.test(text) ? BigInt(text.replace('+', '')) : null
}

/** Reads the cells of one file, of which all write decimals alike. */
export class NumberReader {
  #mark: '.' | ',' | undefined
  readonly #commas: boolean

  /** @param commas whether a comma may stand where decimals begin */
  constructor(commas: boolean) {
    this.#commas = commas
  }

  /** True once a decimal comma was read. */
  get readCommas(): boolean {
    return this.#mark === ','
  }

  /** @returns null for an empty cell, a text for what is wrong */
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

  /** A frame number; null where it is none. */
  readFrame(cell: string): FrameNumber | null {
    return frameNumber(this.#commas ? cell.replace(',', '.') : cell)
  }

  #agrees(mark: '.' | ','): boolean {
    this.#mark ??= mark
    return this.#mark === mark
  }
}

function mixed(cell: string): string {
  return `${JSON.stringify(cell)} is not clear: decimals begin with a point in some cells and with a comma in others`
}
