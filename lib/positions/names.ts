/** What the animals of a file are called. */
import type { ReadMetadata } from '../layout/infer.js'
import type { Layout } from '../layout/model.js'
import { isTracking } from '../layouts/tracking.js'

/** One animal, several of them, and one with its id. */
export interface Names {
  readonly noun: string
  readonly plural: string
  label(id: number): string
}

/**
 * Tracking files hold fish, unless their metadata name a species; other layouts hold animals, or one track if their records have no key. An
 * attribute `names` with the names of the animals labels them by id.
 */
export function namesFor(layout: Layout, metadata: Readonly<ReadMetadata>): Names {
  if (layout.key === null) return { noun: 'track', plural: 'tracks', label: () => layout.root.slice(1) }
  const isFish = isTracking(layout) && metadata.species === undefined
  const noun = isFish ? 'fish' : 'animal'
  const key = isTracking(layout) ? noun : layout.key.name
  const { names } = metadata
  const label = (id: number) => {
    const name: unknown = Array.isArray(names) ? names[id] : undefined
    return typeof name === 'string' && name !== '' ? name : `${key} ${id}`
  }
  return { noun, plural: isFish ? 'fish' : 'animals', label }
}
