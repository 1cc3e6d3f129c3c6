/** Writes tables of text: a row for each animal in each frame, or a row for each frame. */
import { H5TracksError, show } from '../../base/errors.js'
import { arrayIn } from '../core/arrays.js'
import { ByteWriter } from '../core/byte-writer.js'
import type { BatchArray, FormatCode, Recording, WriteOptions } from '../core/format.js'
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
      const [ofFrames, ofRecords] = [arraysOf(this.#frames, batch), arraysOf(this.#records, batch)]
      for (let frame = 0; frame < index.length; frame++) {
        let any = false
        for (let slot = 0; slot < layout.slots; slot++) {
          const cell = frame * layout.slots + slot
          if (keys && keys[cell] === -1) continue
          any = true
          this.#number(index[frame] as bigint)
          for (let i = 0; i < this.#frames.length; i++) this.#cell(this.#frames[i] as OutColumn, ofFrames[i], frame)
          if (keys) this.#id(keys[cell] as number)
          for (let i = 0; i < this.#records.length; i++) this.#cell(this.#records[i] as OutColumn, ofRecords[i], cell)
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
      const [ofFrames, ofRecords] = [arraysOf(this.#frames, batch), arraysOf(this.#records, batch)]
      for (let frame = 0; frame < index.length; frame++) {
        cells.fill(-1)
        for (let cell = frame * layout.slots; cell < (frame + 1) * layout.slots; cell++) {
          if (keys[cell] !== -1) cells[placeOf.get(keys[cell] as number) as number] = cell
        }
        this.#number(index[frame] as bigint)
        for (let i = 0; i < this.#frames.length; i++) this.#cell(this.#frames[i] as OutColumn, ofFrames[i], frame)
        for (const cell of cells) {
          for (let i = 0; i < this.#records.length; i++) {
            if (cell < 0) this.#out.byte(this.#separator)
            else this.#cell(this.#records[i] as OutColumn, ofRecords[i], cell)
          }
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

  #cell(column: OutColumn, array: BatchArray | undefined, cell: number): void {
    const out = this.#out
    out.byte(this.#separator)
    if (array === undefined) return
    const { at, width, kind, blank } = column
    const place = cell * width + at
    const value = array[place] as number
    if (value === blank && (width === 1 || isBlank(array, cell * width, width, blank))) return
    if (kind === 'float32') out.float32(value)
    else if (kind === 'integer') out.integer(value)
    else if (kind === 'float64') out.float64(value)
    else if (kind === 'bool') out.ascii(value ? 'true' : 'false')
    else if (kind === 'wide') out.ascii(String(value))
    else
      out.text(quoted(kind === 'enum' ? (column.members.get(value) ?? String(value)) : String(value), this.#delimiter))
  }
}

const namesOf = (columns: readonly OutColumn[]): string[] => columns.map(({ name }) => name)

function isBlank(array: BatchArray, from: number, width: number, blank: number): boolean {
  for (let i = from; i < from + width; i++) if (array[i] !== blank) return false
  return true
}

function quoted(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]|^#|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
