/** pandas' form 'fixed': an array for each level of the index and of the columns, and one for each block of values. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { ForeignFile } from '../poses/input.js'
import { type Levels, labelled, newerRemedy } from './pandas-labels.js'
import { type DlcTable, rowsOfBlock } from './table.js'

interface Axis {
  readonly names: readonly (string | null)[]
  readonly labels: readonly Levels[]
}

interface Block {
  readonly path: string
  readonly dataset: Dataset
  /** The values are stored by row; otherwise by column. */
  readonly byRow: boolean
  readonly columns: readonly number[]
}

const mostLabels = 50_000_000

export async function openFixed(input: ForeignFile, key: string): Promise<DlcTable> {
  const columns = await axisOf(input, key, 'axis0')
  const index = await indexOf(input, key)
  const places = new Map(columns.labels.map((levels, i) => [JSON.stringify(levels), i]))
  const count = Number((await input.attribute(key, 'nblocks')) ?? 0)
  const blocks: Block[] = []
  for (let i = 0; i < Math.min(count, columns.labels.length); i++) {
    blocks.push(await blockOf(input, key, i, places, index.length))
  }
  const width = columns.labels.length
  return {
    key,
    columns: labelled(input, key, columns.names, columns.labels),
    rows: index.length,
    place: (row) => `${key}, row ${row}`,
    columnPlace: (column) => `${key}, column ${JSON.stringify(columns.labels[column])}`,
    async *blocks() {
      const most = rowsOfBlock(width)
      for (let start = 0; start < index.length; start += most) {
        const stop = Math.min(index.length, start + most)
        const values = new Float64Array((stop - start) * width).fill(Number.NaN)
        for (const block of blocks) await fill(input, block, values, width, start, stop)
        yield { labels: await index.read(start, stop), values }
      }
    },
  }
}

async function fill(input: ForeignFile, block: Block, into: Float64Array, width: number, start: number, stop: number) {
  const { dataset, byRow, columns } = block
  const rows = { start, stop }
  const { data } = await input.read(dataset, byRow ? [rows] : [null, rows])
  const values = data as ArrayLike<number>
  const count = stop - start
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < columns.length; i++) {
      into[row * width + (columns[i] as number)] = values[byRow ? row * columns.length + i : i * count + row] as number
    }
  }
}

async function blockOf(
  input: ForeignFile,
  key: string,
  number: number,
  places: ReadonlyMap<string, number>,
  rows: number,
): Promise<Block> {
  const path = `${key}/block${number}_values`
  const dataset = await input.dataset(path, newerRemedy)
  const items = await axisOf(input, key, `block${number}_items`)
  const columns = items.labels.map((levels) => places.get(JSON.stringify(levels)))
  const shape = (await input.guarded(path, () => dataset.shape())) ?? []
  const { type } = dataset
  // pandas stores the transpose, and says so.
  const byRow = Number((await input.attribute(path, 'transposed')) ?? 0) === 1
  const expected = byRow ? [rows, columns.length] : [columns.length, rows]
  const isEmpty = rows === 0
  const fits = isEmpty || (shape.length === 2 && shape.every((length, i) => length === expected[i]))
  const isNumber = type.class === 'float' || type.class === 'integer' || type.class === 'bool'
  if (!fits || !isNumber || columns.includes(undefined)) {
    const found = `has the shape [${shape}] and ${type.class} values`
    throw input.problem(path, `${found}; ${expected.join(' x ')} numbers were expected`, newerRemedy)
  }
  return { path, dataset, byRow, columns: columns as number[] }
}

/** An axis with several levels: the labels of each, and for each place the numbers of its labels. */
async function axisOf(input: ForeignFile, key: string, axis: string): Promise<Axis> {
  const variety = await input.attribute(key, `${axis}_variety`)
  if (variety !== 'multi') {
    throw input.problem(
      `${key}/${axis}`,
      'has one level; tables of DeepLabCut have three or four',
      'is it a table of DeepLabCut?',
    )
  }
  const count = Number(await input.attribute(key, `${axis}_nlevels`))
  if (!(count >= 1 && count <= 16)) throw input.problem(`${key}@${axis}_nlevels`, `is ${count}`, newerRemedy)
  const names: (string | null)[] = []
  const parts: string[][] = []
  for (let level = 0; level < count; level++) {
    const path = `${key}/${axis}_level${level}`
    const texts = (await labelsOf(input, path)).map(String)
    const { name, codes } = await codesOf(input, key, axis, level)
    names.push(name)
    parts.push(codes.map((code) => (code < 0 ? '' : (texts[code] ?? outside(input, path, code)))))
  }
  const [first = []] = parts
  if (parts.some((part) => part.length !== first.length)) {
    throw input.problem(`${key}/${axis}_label0`, 'is of another length than those of the other levels', newerRemedy)
  }
  return { names, labels: first.map((_, i) => parts.map((part) => part[i] as string)) }
}

function outside(input: ForeignFile, path: string, code: number): never {
  throw input.problem(path, `has no label ${code}`, newerRemedy)
}

async function codesOf(input: ForeignFile, key: string, axis: string, level: number) {
  const path = `${key}/${axis}_label${level}`
  const dataset = await input.dataset(path, newerRemedy)
  const { data } = await input.read(dataset)
  const name = await input.textAttribute(`${key}/${axis}_level${level}`, 'name')
  // A pickled None.
  return {
    name: name === undefined || name === 'N.' ? null : name,
    codes: Array.from(data as ArrayLike<number>, Number),
  }
}

/** The labels in an array: numbers or texts. */
async function labelsOf(input: ForeignFile, path: string, start?: number, stop?: number): Promise<(string | number)[]> {
  const dataset = await input.dataset(path, newerRemedy)
  if (dataset.type.class === 'vlen') {
    throw input.problem(path, 'holds pickled objects instead of texts', newerRemedy)
  }
  const { data } = await input.read(
    dataset,
    start === undefined ? undefined : [{ start, ...(stop !== undefined && { stop }) }],
  )
  return Array.from(data as ArrayLike<string | number | Uint8Array>, (label) =>
    label instanceof Uint8Array ? Buffer.from(label).toString('latin1') : label,
  )
}

/** The labels of the rows: frame numbers or paths; of several levels, joined by '/'. */
async function indexOf(input: ForeignFile, key: string) {
  const variety = await input.attribute(key, 'axis1_variety')
  if (variety === 'multi') {
    const { labels } = await axisOf(input, key, 'axis1')
    const joined = labels.map((levels) => levels.join('/'))
    return { length: joined.length, read: async (start: number, stop: number) => joined.slice(start, stop) }
  }
  const path = `${key}/axis1`
  const dataset = await input.dataset(path, newerRemedy)
  const shape = (await input.guarded(path, () => dataset.shape())) ?? []
  const isEmpty = (await input.attribute(path, 'value_type')) !== undefined
  const length = isEmpty ? 0 : (shape[0] ?? 0)
  if (shape.length !== 1 || length > mostLabels) throw input.problem(path, `has the shape [${shape}]`, newerRemedy)
  return { length, read: (start: number, stop: number) => labelsOf(input, path, start, stop) }
}
