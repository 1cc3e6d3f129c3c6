/** Writes tables of text: a row for each animal in each frame, or a row for each frame. */
import { H5TracksError, show } from '../../base/errors.js'
import { arrayIn } from '../core/arrays.js'
import { ByteWriter } from '../core/byte-writer.js'
import type { Batch, BatchArray, FormatCode, Recording, WriteOptions } from '../core/format.js'
import { attributesOf, onlyRecording } from '../core/recordings.js'
import { arraysOf, type OutColumn, outColumns } from './out-columns.js'

const LF = 10
const mostAnimals = 10_000

export const writeTable: NonNullable<FormatCode['write']> = async (recordings, path, options) => {
  const recording = onlyRecording(recordings, 'a table of text', options)
  const delimiter = delimiterOf(options)
  const out = await ByteWriter.create(path)
  try {
    const table = new Table(recording, out, delimiter)
    if (options.shape === 'wide') await table.writeWide(options)
    else await table.writeLong(options)
  } catch (error) {
    await out.giveUp()
    throw error
  }
  await out.close()
  reportAttributes(recording, options)
}

function delimiterOf({ delimiter, finalPath }: WriteOptions): string {
  const chosen = delimiter ?? (/\.(tsv|tab)$/i.test(finalPath) ? '\t' : ',')
  if (/^[\x20-\x7e\t]$/.test(chosen) && !/["\w.+-]/.test(chosen)) return chosen
  throw new H5TracksError(
    `delimiter must be one character that no number has, such as ',' ';' or a tab; got ${show(chosen)}`,
    {
      code: 'ERR_INVALID_ARGUMENT',
      field: 'delimiter',
    },
  )
}

function reportAttributes(recording: Recording, { report }: WriteOptions): void {
  const { names: _, ...attributes } = attributesOf(recording)
  const left = Object.keys(attributes)
  if (left.length > 0)
    report.lost(`attributes (${left.join(', ')})`, left.length, 'a table of text has no place for them')
}

class Table {
  readonly #recording: Recording
  readonly #out: ByteWriter
  readonly #delimiter: string
  readonly #separator: number
  readonly #frames: readonly OutColumn[]
  readonly #records: readonly OutColumn[]
  readonly #names: readonly string[] | undefined

  constructor(recording: Recording, out: ByteWriter, delimiter: string) {
    this.#recording = recording
    this.#out = out
    this.#delimiter = delimiter
    this.#separator = delimiter.charCodeAt(0)
    const { frames, records } = outColumns(recording)
    this.#frames = frames
    this.#records = records
    const { names } = attributesOf(recording)
    this.#names = Array.isArray(names) ? (names as readonly string[]) : undefined
  }

  async writeLong({ report, signal }: WriteOptions): Promise<void> {
    const { layout } = this.#recording
    const key = layout.key
    const ids = key ? ['id', ...(this.#names ? ['name'] : [])] : []
    this.#header(['frame', ...namesOf(this.#frames), ...ids, ...namesOf(this.#records)])
    let empty = 0
    for await (const batch of this.#recording.batches()) {
      signal?.throwIfAborted()
      const index = arrayIn(batch, layout.index.name) as BigInt64Array
      const keys = key ? (arrayIn(batch, key.name) as Int32Array) : undefined
      const [ofFrames, ofRecords] = [this.#writers(this.#frames, batch), this.#writers(this.#records, batch)]
      for (let frame = 0; frame < index.length; frame++) {
        let any = false
        for (let slot = 0; slot < layout.slots; slot++) {
          const cell = frame * layout.slots + slot
          if (keys && keys[cell] === -1) continue
          any = true
          this.#number(index[frame] as bigint)
          for (const write of ofFrames) write(frame)
          if (keys) this.#id(keys[cell] as number)
          for (let i = 0; i < ofRecords.length; i++) (ofRecords[i] as CellWriter)(cell)
          this.#out.byte(LF)
        }
        if (!any) empty++
        if (this.#out.isFull) await this.#out.flush()
      }
    }
    report.lost(
      'frames without animals',
      empty,
      'a long table has a row for each animal; shape wide (--shape wide) has one for each frame',
    )
  }

  async writeWide({ signal, finalPath }: WriteOptions): Promise<void> {
    const { layout } = this.#recording
    const { key } = layout
    if (!key) return this.writeLong({ signal, finalPath } as WriteOptions)
    const animals = await this.#animals(finalPath)
    const placeOf = new Map(animals.map((id, place) => [id, place]))
    const labels = animals.map(
      (id) => this.#names?.[id] || `${/^x$|^left$/.test(this.#records[0]?.name ?? '') ? 'animal' : 'id'}${id}`,
    )
    this.#header([
      'frame',
      ...namesOf(this.#frames),
      ...labels.flatMap((label) => namesOf(this.#records).map((name) => `${label}_${name}`)),
    ])
    const cells = new Int32Array(animals.length)
    for await (const batch of this.#recording.batches()) {
      signal?.throwIfAborted()
      const index = arrayIn(batch, layout.index.name) as BigInt64Array
      const keys = arrayIn(batch, key.name) as Int32Array
      const [ofFrames, ofRecords] = [this.#writers(this.#frames, batch), this.#writers(this.#records, batch)]
      for (let frame = 0; frame < index.length; frame++) {
        cells.fill(-1)
        for (let cell = frame * layout.slots; cell < (frame + 1) * layout.slots; cell++) {
          if (keys[cell] !== -1) cells[placeOf.get(keys[cell] as number) as number] = cell
        }
        this.#number(index[frame] as bigint)
        for (const write of ofFrames) write(frame)
        for (const cell of cells) {
          if (cell < 0) this.#out.repeated(this.#separator, this.#records.length)
          else for (const write of ofRecords) write(cell)
        }
        this.#out.byte(LF)
        if (this.#out.isFull) await this.#out.flush()
      }
    }
  }

  async #animals(path: string): Promise<number[]> {
    const found = new Set<number>()
    const { layout } = this.#recording
    for await (const batch of this.#recording.batches()) {
      for (const id of arrayIn(batch, layout.key?.name ?? '') as Int32Array) if (id !== -1) found.add(id)
      if (found.size <= mostAnimals) continue
      throw new H5TracksError(
        `${path} would have columns for more than ${mostAnimals} animals; write a long table (--shape long)`,
        {
          code: 'ERR_UNSUPPORTED',
          path,
          field: 'shape',
        },
      )
    }
    return [...found].sort((a, b) => a - b)
  }

  #header(names: readonly string[]): void {
    this.#out.text(`${names.map((name) => quoted(name, this.#delimiter)).join(this.#delimiter)}\n`)
  }

  #number(value: bigint): void {
    const number = Number(value)
    if (Number.isSafeInteger(number)) this.#out.integer(number)
    else this.#out.ascii(String(value))
  }

  #id(id: number): void {
    this.#out.byte(this.#separator)
    this.#out.integer(id)
    if (!this.#names) return
    this.#out.byte(this.#separator)
    this.#out.text(quoted(this.#names[id] ?? '', this.#delimiter))
  }

  /** Writers of the cells of a batch, one for each value of a field and camera. */
  #writers(columns: readonly OutColumn[], batch: Batch): CellWriter[] {
    const arrays = arraysOf(columns, batch)
    return columns.flatMap((column, i) => (column.at === 0 ? [this.#writer(column, arrays[i])] : []))
  }

  #writer(column: OutColumn, array: BatchArray | undefined): CellWriter {
    const out = this.#out
    const separator = this.#separator
    const { kind, width, blank } = column
    if (array === undefined) return () => out.repeated(separator, width)
    if (array instanceof Int32Array || array instanceof Int16Array || array instanceof Uint16Array) {
      const none = blank ?? Number.NaN
      if (kind === 'integer') return (cell) => out.integers(array, cell * width, width, separator, none)
    }
    if (array instanceof Float32Array && kind === 'float32') {
      if (blank === undefined || Number.isNaN(blank)) return (cell) => out.floats(array, cell * width, width, separator)
    }
    return (cell) => this.#values(column, array, cell * width)
  }

  #values(column: OutColumn, array: BatchArray, from: number): void {
    const { width, blank } = column
    if (blank !== undefined && isBlank(array, from, width, blank)) {
      this.#out.repeated(this.#separator, width)
      return
    }
    for (let at = from; at < from + width; at++) {
      this.#out.byte(this.#separator)
      this.#value(column, array[at] as number | bigint | string)
    }
  }

  #value({ kind, members }: OutColumn, value: number | bigint | string): void {
    const out = this.#out
    if (kind === 'float32') out.float32(value as number)
    else if (kind === 'integer') out.integer(value as number)
    else if (kind === 'float64') out.float64(value as number)
    else if (kind === 'bool') out.ascii(value ? 'true' : 'false')
    else if (kind === 'wide') out.ascii(String(value))
    else
      out.text(quoted(kind === 'enum' ? (members.get(Number(value)) ?? String(value)) : String(value), this.#delimiter))
  }
}

type CellWriter = (cell: number) => void

const namesOf = (columns: readonly OutColumn[]): string[] => columns.map(({ name }) => name)

function isBlank(array: BatchArray, from: number, width: number, blank: number): boolean {
  for (let i = from; i < from + width; i++) if (array[i] !== blank) return false
  return true
}

function quoted(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]|^#|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
