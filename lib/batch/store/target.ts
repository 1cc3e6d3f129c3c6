/** The store of a run, from what the caller gives. */
import { invalidArgument } from '../../base/errors.js'
import { toPath } from '../../base/path.js'
import { FolderStore, type PublishedDurability } from './folder.js'
import { s3Store } from './s3.js'
import type { Store } from './store.js'

/** A run: the path or file: URL of its folder, `s3://bucket/prefix` (see `s3Store` about its default client), or a store such as `s3Store(...)`. */
export type RunTarget = string | URL | Store

/** Returns the store of a target. Throws ERR_INVALID_ARGUMENT for anything else. */
export function storeOf(target: RunTarget, durability?: PublishedDurability): Store {
  if (isStore(target)) return target
  const text = String(target)
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+)$/.exec(text) ?? []
  if (bucket !== undefined && prefix !== undefined) return s3Store({ bucket, prefix })
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text) && !text.startsWith('file:')) {
    throw invalidArgument('target', target, 'the path of a folder, a file: URL, s3://bucket/prefix or a store')
  }
  return new FolderStore(
    toPath(typeof target === 'string' && target.startsWith('file:') ? new URL(target) : target),
    durability,
  )
}

function isStore(target: unknown): target is Store {
  return typeof target === 'object' && target !== null && 'putIfAbsent' in target
}
