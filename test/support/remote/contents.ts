import { Dataset, type File, Group, H5TracksError } from 'h5tracks/hdf5'

/** What an attempt gave: a value, or the code of the error. */
async function outcome(attempt: () => Promise<unknown>): Promise<unknown> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof H5TracksError) return error.code
    throw error
  }
}

/** All that the promised methods of a file find: objects, attributes, types, values and parts of values, by path. */
export async function contents(file: File): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  const seen = new Set<string>()
  const visit = async (object: Group | Dataset | Awaited<ReturnType<File['get']>>, path: string): Promise<void> => {
    const { token, ...info } = await object.info()
    found[path] = info
    if (seen.has(token)) return
    seen.add(token)
    for (const name of await object.attributes.keys()) {
      found[`${path} @${name}`] = await outcome(() => object.attributes.get(name))
    }
    if (object instanceof Dataset) {
      found[`${path} details`] = await outcome(() => object.details())
      found[`${path} values`] = await outcome(() => object.read())
      const shape = await object.shape()
      if (shape && shape.length > 0 && !shape.includes(0)) {
        const selection = shape.map((length) => ({ start: length >> 1, stop: (length >> 1) + 1 }))
        found[`${path} middle`] = await outcome(() => object.read(selection))
      }
    }
    if (!(object instanceof Group)) return
    for (const link of await object.links()) {
      found[`${path}/${link.name}`] = link
      if (link.type !== 'hard') continue
      const child = await object.get(link.name)
      await visit(child, `${path}/${link.name}`)
      child.close()
    }
  }
  await visit(file, '')
  return found
}
