import { type OpenOptions, openRecordings } from 'h5tracks/formats'

/** A frame as it is compared: the index, and by field the values; NaN is null. */
export type SeenRow = Record<string, unknown>

export interface SeenRecording {
  name: string
  fields: string[]
  attributes: Record<string, unknown>
  frames: SeenRow[]
}

const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'number' && Number.isNaN(value) ? null : value
}

/** Everything that the recordings of a file hold. */
export async function everything(path: string, options: OpenOptions = {}): Promise<SeenRecording[]> {
  await using opened = await openRecordings(path, options)
  const found: SeenRecording[] = []
  for (const { layout, metadata, batches } of opened.recordings) {
    const frames: SeenRow[] = []
    for await (const batch of batches()) {
      const columns = Object.entries(batch) as unknown as [string, { data: ArrayLike<unknown> }][]
      const count = columns.find(([name]) => name === 'frameIndex')?.[1].data.length ?? 0
      for (let i = 0; i < count; i++) {
        const row = columns.map(([name, { data }]) => {
          const width = data.length / count
          return [name, Array.from({ length: width }, (_, k) => plain(data[i * width + k]))] as const
        })
        // A field that a batch leaves out is the same as one without values.
        frames.push(Object.fromEntries(row.filter(([, values]) => values.some((value) => value !== null))))
      }
    }
    found.push({
      ...{ name: layout.root.slice(1), frames },
      fields: layout.fields.map(({ name, storage, shape }) => `${name} ${storage} ${shape}`),
      attributes: JSON.parse(
        JSON.stringify({ ...layout.attributes, ...metadata }, (_, value) =>
          ArrayBuffer.isView(value) ? Array.from(value as never, Number) : value,
        ),
      ),
    })
  }
  return found
}
