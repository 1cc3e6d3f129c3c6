// Picks some of many items, runs several actions at once, and gives random numbers that can be repeated.

/**
 * At most `count` of the items, evenly, the first and the last among them.
 * @template T
 * @param {readonly T[]} items
 * @param {number} count
 * @returns {T[]}
 */
export function spread(items, count) {
  if (items.length <= count) return [...items]
  const step = (items.length - 1) / Math.max(1, count - 1)
  return Array.from({ length: count }, (_, i) => /** @type {T} */ (items[Math.round(i * step)]))
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {number} width how many run at once
 * @param {(item: T, slot: number) => Promise<void>} action slot: below width, used by no other at the time
 */
export async function inParallel(items, width, action) {
  const left = [...items]
  await Promise.all(
    Array.from({ length: width }, async (_, slot) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await action(item, slot)
    }),
  )
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. @param {number} state */
export function generator(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
