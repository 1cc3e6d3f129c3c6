/** Where a published copy goes: a path, or an object of a store. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { invalidArgument } from '../../base/errors.js'
import { processTag, removeAbandoned } from '../../base/process-tag.js'
import type { Store } from '../../batch/store/store.js'
import { storeOf } from '../../batch/store/target.js'

/** A path, `s3://bucket/prefix/name.h5`, or a store such as `s3Store(...)` with the key of the object in it. */
export type PublishTarget = string | URL | { readonly store: Store; readonly key: string }

interface StoreObject {
  readonly store: Store
  readonly key: string
}

/** The object of a store that a target names; undefined for a path. */
export function storeObject(target: PublishTarget): StoreObject | undefined {
  if (typeof target === 'object' && target !== null && 'store' in target) {
    if (typeof target.key === 'string' && target.key !== '') return target
    throw invalidArgument('target.key', target.key, 'a non-empty string')
  }
  const text = String(target)
  if (!text.startsWith('s3://')) return undefined
  const [, place, key] = /^(s3:\/\/[^/]+\/.+)\/([^/]+)$/.exec(text) ?? []
  if (place === undefined || key === undefined) throw invalidArgument('target', target, 's3://bucket/prefix/name')
  return { store: storeOf(place), key }
}

const mark = 'h5tracks-publish-'

/** Writes a file to the scratch disk and puts it into a store. Returns what `write` does. */
export async function putWhole<T>({ store, key }: StoreObject, write: (path: string) => Promise<T>): Promise<T> {
  removeAbandoned(tmpdir(), mark)
  const folder = await mkdtemp(join(tmpdir(), `${mark}${processTag()}-`))
  try {
    const path = join(folder, 'published.h5')
    const result = await write(path)
    await store.putFile(key, path)
    return result
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
