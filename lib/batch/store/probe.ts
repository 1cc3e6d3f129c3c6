/** Finds out whether a store heeds the condition of `putIfAbsent`, on which the whole log rests. */
import { randomUUID } from 'node:crypto'
import { H5TracksError } from '../../base/errors.js'
import type { Store } from './store.js'

/** Throws ERR_UNSAFE_STORE for a store that puts an object although there is one, or that does not return what was put. */
export async function probe(store: Store): Promise<void> {
  // Beside the entries, which are put in the same way.
  const key = `log/probe-${randomUUID()}`
  try {
    const first = await store.putIfAbsent(key, Buffer.from('first'))
    const second = await store.putIfAbsent(key, Buffer.from('second'))
    const found = await store.get(key)
    if (!first) throw unsafe(store, 'it said that a new object existed already')
    if (second) throw unsafe(store, 'it replaced an object that was to be put only if there was none')
    if (found === null || Buffer.from(found).toString() !== 'first') {
      throw unsafe(store, 'it did not return the object that was put first')
    }
  } catch (error) {
    throw linkError(store, error)
  } finally {
    await store.remove(key).catch(() => {})
  }
}

/** File systems without hard links say so by one of these codes. */
function linkError(store: Store, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException
  if (syscall !== 'link' || !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) return error
  return Object.assign(unsafe(store, `its file system has no hard links (${message})`), { cause: error })
}

function unsafe({ name }: Store, problem: string): H5TracksError {
  return new H5TracksError(
    `${name} cannot hold a run, because two workers could overwrite each other's entries: ${problem}. ` +
      'Use a store that heeds If-None-Match, or a file system with hard links',
    { code: 'ERR_UNSAFE_STORE', path: name },
  )
}
