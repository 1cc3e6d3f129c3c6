/** Writes DeepLabCut's HDF5 files in pandas' form 'fixed', as PyTables stores it. */
import type { Attributes } from '../../hdf5/objects/attributes.js'
import { File } from '../../hdf5/objects/file.js'
import type { Recording, WriteOptions } from '../core/format.js'
import { type OutTable, outTable } from './out-table.js'

/** The key that DeepLabCut reads. */
const key = 'df_with_missing'

export async function writePandas(
  recordings: readonly Recording[],
  path: string,
  options: WriteOptions,
): Promise<void> {
  const table = await outTable(recordings, 'DeepLabCut HDF5', options)
  const file = new File(path, 'w')
  try {
    await describe(file.attributes, { CLASS: 'GROUP', PYTABLES_FORMAT_VERSION: '2.1', TITLE: '', VERSION: '1.0' })
    await writeColumns(file, table)
    await writeRows(file, table)
  } finally {
    await file.close()
  }
}

async function writeColumns(file: File, { levels, columns }: OutTable): Promise<void> {
  const group = await file.createGroup(key)
  await describe(group.attributes, {
    ...{ CLASS: 'GROUP', TITLE: '', VERSION: '1.0', encoding: 'UTF-8', errors: 'strict' },
    ...{ pandas_type: 'frame', pandas_version: '0.15.2', ndim: 2, nblocks: 1, axis1_variety: 'regular' },
    ...{ axis0_variety: 'multi', axis0_nlevels: levels.length },
    ...{ block0_items_variety: 'multi', block0_items_nlevels: levels.length },
  })
  for (const axis of ['axis0', 'block0_items']) {
    for (const [level, name] of levels.entries()) {
      const labels = [...new Set(columns.map((column) => column.levels[level] as string))].sort()
      const places = new Map(labels.map((label, i) => [label, i]))
      const codes = Int32Array.from(columns, (column) => places.get(column.levels[level] as string) as number)
      const own = { kind: 'string', name, [`${axis}_name${name}`]: name }
      await array(file, `${axis}_level${level}`, textType(labels), [labels.length], own, labels)
      await array(file, `${axis}_label${level}`, 'int32', [codes.length], {}, codes)
    }
  }
}

async function writeRows(file: File, { columns, survey, rows }: OutTable): Promise<void> {
  const { frames, longestLabel } = survey
  const width = columns.length
  const isText = longestLabel > 0
  // PyTables cannot store an array of no rows; pandas writes one of one element, and its shape.
  const empty = frames === 0
  const type = isText ? ({ ...textType([]), size: longestLabel } as const) : 'int64'
  const index = await array(file, 'axis1', type, [empty ? 1 : frames], {
    ...{ kind: isText ? 'string' : 'integer', name: 'N.' },
    ...(empty && { value_type: 'int64', shape: Int32Array.of(0) }),
  })
  const values = await array(file, 'block0_values', 'float64', empty ? [1, 1] : [frames, width], {
    ...(empty && { value_type: 'float64', shape: Int32Array.of(width, 0) }),
  })
  let at = 0
  for await (const block of rows()) {
    const own = [{ start: at, stop: at + block.labels.length }]
    const labels = block.labels as readonly string[]
    await index.write(isText ? labels.map(String) : BigInt64Array.from(block.labels as readonly number[], BigInt), own)
    await values.write(block.values, own)
    at += block.labels.length
  }
}

const textType = (labels: readonly string[]) => ({
  ...({ class: 'string', charset: 'ascii', padding: 'null-padded' } as const),
  size: Math.max(1, ...labels.map((label) => Buffer.byteLength(label))),
})

type Own = Readonly<Record<string, string | number | null | Int32Array>>

/** An array of PyTables. */
async function array(
  file: File,
  name: string,
  type: ReturnType<typeof textType> | 'int32' | 'int64' | 'float64',
  shape: readonly number[],
  own: Own,
  data?: readonly string[] | Int32Array,
) {
  const dataset = await file.createDataset(`${key}/${name}`, { type, shape, layout: 'contiguous' }, data)
  const common = { CLASS: 'ARRAY', FLAVOR: 'numpy', TITLE: '', VERSION: '2.4', transposed: 1 }
  await describe(dataset.attributes, { ...common, ...own })
  return dataset
}

/** Sets attributes; texts have a fixed length, as PyTables expects them. None is a pickle, which PyTables tells by its character set. */
async function describe(attributes: Attributes, own: Own): Promise<void> {
  for (const [name, value] of Object.entries(own)) {
    if (value === null) await attributes.set(name, 'N.', { type: { ...textType(['N.']), padding: 'null-terminated' } })
    else if (typeof value !== 'string') await attributes.set(name, value)
    else {
      const size = Math.max(1, Buffer.byteLength(value))
      const type = { class: 'string', size, charset: 'utf-8', padding: 'null-terminated' } as const
      await attributes.set(name, value, { type })
    }
  }
}
