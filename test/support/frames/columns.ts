import type { Layout } from 'h5tracks'
import { h5py } from '../python.js'

/** A column as bytes (or as texts), with its shape. */
export type Column = [shape: number[], values: string | string[]]

const questions = `def values(d):
  a = d[:]
  if a.dtype.kind == 'S': return [text.decode() for text in a.ravel().tolist()]
  return (a.astype(np.float32) if a.dtype == np.float16 else a).tobytes().hex()
columns = {}
def visit(name, d):
  if isinstance(d, h5py.Dataset) and d.attrs.get('CLASS') != b'DIMENSION_SCALE': columns[name] = [list(d.shape), values(d)]
f[GROUP].visititems(visit)
print(json.dumps(columns))`

/** The columns of a group by the path of the dataset in it, as h5py reads them. */
export async function columnsByH5py(path: string, group: string): Promise<Record<string, Column>> {
  return JSON.parse(await h5py(path, 'r', questions.replace('GROUP', JSON.stringify(group))))
}

interface Read {
  data: ArrayBufferView | string[]
  shape: number[]
}

const column = ({ data, shape }: Read): Column => [
  shape,
  ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex') : data,
]

/** The columns that a reader gave, in the same form. */
export function columnsByUs(layout: Layout, window: object): Record<string, Column> {
  const named = window as Record<string, Read | Record<string, Read>>
  const entries = layout.fields.flatMap(({ name, dataset, perCamera }) => {
    const read = named[name]
    if (read === undefined) return []
    if (!perCamera) return [[dataset, column(read as Read)] as const]
    return Object.entries(read as Record<string, Read>).map(
      ([camera, one]) => [`${dataset}/${camera}`, column(one)] as const,
    )
  })
  return Object.fromEntries(entries)
}
