/** pandas' form 'table': the rows are a PyTables table of an index and blocks of values; attributes hold the names as pickles. */
import type { Data } from '../../hdf5/values/types.js'
import type { ForeignFile } from '../poses/input.js'
import { type Levels, labelled, newerRemedy } from './pandas-labels.js'
import { type Pickled, unpickled } from './pickle.js'
import { type DlcTable, type RowBlock, rowsOfBlock } from './table.js'

/** A block of columns of one type. */
interface Block {
  readonly name: string
  /** The columns of the table by the columns of the block. */
  readonly columns: readonly number[]
}

export async function openRows(input: ForeignFile, key: string): Promise<DlcTable> {
  const path = `${key}/table`
  const dataset = await input.dataset(path, newerRemedy)
  const { type } = dataset
  const shape = await input.guarded(path, () => dataset.shape())
  if (type.class !== 'compound' || shape?.length !== 1) throw input.problem(path, 'is not a table', newerRemedy)
  const columns = columnsIn(await pickleIn(input, key, 'non_index_axes'))
  if (!columns) throw input.problem(`${key}@non_index_axes`, 'does not list columns with levels', newerRemedy)
  const names = namesIn(await pickleIn(input, key, 'info'), columns[0]?.length ?? 0)
  const places = new Map(columns.map((levels, i) => [JSON.stringify(levels), i]))
  const blocks: Block[] = []
  for (const { name } of type.members.filter((member) => /^values_block_\d+$/.test(member.name))) {
    const kind = await pickleIn(input, path, `${name}_kind`)
    const own = Array.isArray(kind) ? kind.map((levels) => places.get(JSON.stringify(levels))) : []
    const member = type.members.find((one) => one.name === name)!
    const width = member.type.class === 'array' ? member.type.shape.reduce((all, n) => all * n, 1) : 1
    if (own.length !== width || own.includes(undefined)) {
      throw input.problem(`${path}@${name}_kind`, `names ${own.length} columns; the block has ${width}`, newerRemedy)
    }
    blocks.push({ name, columns: own as number[] })
  }
  if (!type.members.some(({ name }) => name === 'index')) throw input.problem(path, 'has no column index', newerRemedy)
  const rows = shape[0] as number
  return {
    key,
    columns: labelled(input, key, names, columns),
    rows,
    place: (row) => `${path}[${row}]`,
    columnPlace: (column) => `${key}, column ${JSON.stringify(columns[column])}`,
    async *blocks() {
      const most = rowsOfBlock(columns.length)
      for (let start = 0; start < rows; start += most) {
        const stop = Math.min(rows, start + most)
        const { data } = await input.read(dataset, [{ start, stop }])
        yield blockOf(data as Readonly<Record<string, Data>>, stop - start, columns.length, blocks)
      }
    },
  }
}

function blockOf(
  data: Readonly<Record<string, Data>>,
  rows: number,
  width: number,
  blocks: readonly Block[],
): RowBlock {
  const values = new Float64Array(rows * width).fill(Number.NaN)
  for (const { name, columns } of blocks) {
    const own = data[name] as ArrayLike<number | bigint>
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < columns.length; i++) {
        values[row * width + (columns[i] as number)] = Number(own[row * columns.length + i])
      }
    }
  }
  const index = data.index as ArrayLike<string | number | Uint8Array>
  const labels = Array.from(index, (label) =>
    label instanceof Uint8Array ? Buffer.from(label).toString('latin1') : label,
  )
  return { labels, values }
}

async function pickleIn(input: ForeignFile, path: string, name: string): Promise<Pickled> {
  const text = await input.textAttribute(path, name)
  if (text === undefined) throw input.problem(`${path}@${name}`, 'there is no such text', newerRemedy)
  try {
    return unpickled(text)
  } catch (cause) {
    const problem = `is a pickle that cannot be read: ${(cause as Error).message}`
    throw Object.assign(input.problem(`${path}@${name}`, problem, newerRemedy), { cause })
  }
}

/** The columns in `[(1, [(scorer, bodypart, coord), …])]`. */
function columnsIn(axes: Pickled): Levels[] | undefined {
  const [axis] = Array.isArray(axes) ? axes : []
  const columns = Array.isArray(axis) ? axis[1] : undefined
  if (!Array.isArray(columns) || columns.length === 0) return undefined
  const lists = columns.filter((levels): levels is Pickled[] => Array.isArray(levels))
  return lists.length === columns.length ? lists.map((levels) => levels.map(String)) : undefined
}

/** The names of the levels, in `{1: {'names': […]}}`. */
function namesIn(info: Pickled, count: number): (string | null)[] {
  const axis = info instanceof Map ? info.get(1) : undefined
  const names = axis instanceof Map ? axis.get('names') : undefined
  if (!Array.isArray(names)) return new Array<null>(count).fill(null)
  return names.map((name) => (typeof name === 'string' ? name : null))
}
