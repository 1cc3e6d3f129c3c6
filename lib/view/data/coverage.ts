/** Counts in which frames each animal is seen, in bins that grow with the recording: memory does not. */
import type { Coverage } from '../wire/coverage.js'

const mostBins = 1024
const mostAnimals = 4096
/** Size of the shares that are sent, bytes. */
const mostShares = 2 ** 20

interface Animal {
  readonly bins: Uint32Array
  seen: number
  first: number
  last: number
}

export class CoverageCounter {
  readonly #animals = new Map<number, Animal>()
  readonly #unlisted = new Set<number>()
  readonly #missingIn = new Uint8Array(mostBins)
  #binFrames = 1
  #scanned = 0
  #missing = 0
  #before: number | null = null

  get scanned(): number {
    return this.#scanned
  }

  get binFrames(): number {
    return this.#binFrames
  }

  /** The last row in which an animal is seen, or any animal is. */
  lastOf(id: number): number {
    return this.#animals.get(id)?.last ?? -1
  }

  /** Counts the next frame, with the ids of the animals that are seen in it. */
  add(frameIndex: number, ids: Iterable<number>): void {
    const row = this.#scanned++
    while (row >= this.#binFrames * mostBins) this.#merge()
    const bin = Math.floor(row / this.#binFrames)
    if (this.#before !== null && frameIndex > this.#before + 1) {
      this.#missing += frameIndex - this.#before - 1
      this.#missingIn[bin] = 1
    }
    this.#before = frameIndex
    for (const id of ids) {
      const animal = this.#animals.get(id) ?? this.#begin(id, row)
      if (!animal) continue
      animal.bins[bin]!++
      animal.seen++
      animal.last = row
    }
  }

  #begin(id: number, row: number): Animal | null {
    if (this.#animals.size >= mostAnimals) {
      if (this.#unlisted.size < 1e6) this.#unlisted.add(id)
      return null
    }
    const animal = { bins: new Uint32Array(mostBins), seen: 0, first: row, last: row }
    this.#animals.set(id, animal)
    return animal
  }

  /** Makes bins twice as long. */
  #merge(): void {
    for (const list of [...[...this.#animals.values()].map(({ bins }) => bins), this.#missingIn]) {
      for (let i = 0; i < mostBins / 2; i++) {
        list[i] = list === this.#missingIn ? list[2 * i]! | list[2 * i + 1]! : list[2 * i]! + list[2 * i + 1]!
      }
      list.fill(0, mostBins / 2)
    }
    this.#binFrames *= 2
  }

  /** True if an animal may be lost in a bin: it is seen in some of its frames, or in all before and in none of them. */
  mayLose(id: number, bin: number): boolean {
    const bins = this.#animals.get(id)?.bins
    if (!bins) return false
    const inBin = Math.min(this.#binFrames, this.#scanned - bin * this.#binFrames)
    const count = bins[bin]!
    return (count > 0 && count < inBin) || (count === 0 && bin > 0 && bins[bin - 1]! > 0)
  }

  get ids(): number[] {
    return [...this.#animals.keys()].sort((a, b) => a - b)
  }

  /** The counts as they are sent. */
  get coverage(): Coverage {
    const { ids } = this
    // Of very many animals, several bins are sent as one.
    let joined = 1
    while ((ids.length * mostBins) / joined > mostShares) joined *= 2
    const binFrames = this.#binFrames * joined
    const bins = Math.ceil(this.#scanned / binFrames)
    const shares = new Uint8Array((ids.length + 1) * bins)
    const animals = ids.map((id) => this.#animals.get(id)!)
    for (const [i, animal] of animals.entries()) {
      for (let bin = 0; bin < bins; bin++) {
        const count = sum(animal.bins, bin * joined, joined)
        const frames = Math.min(binFrames, this.#scanned - bin * binFrames)
        // Only none is 0, and only all is 255.
        shares[i * bins + bin] = count === 0 ? 0 : count === frames ? 255 : 1 + Math.floor((253 * count) / frames)
      }
    }
    for (let bin = 0; bin < bins; bin++)
      shares[ids.length * bins + bin] = Math.min(1, sum(this.#missingIn, bin * joined, joined))
    return {
      scanned: this.#scanned,
      binFrames,
      bins,
      ids,
      seen: animals.map(({ seen }) => seen),
      first: animals.map(({ first }) => first),
      last: animals.map(({ last }) => last),
      unlisted: this.#unlisted.size,
      missing: this.#missing,
      shares,
    }
  }
}

function sum(list: ArrayLike<number>, from: number, length: number): number {
  let total = 0
  for (let i = from; i < from + length; i++) total += list[i]!
  return total
}
