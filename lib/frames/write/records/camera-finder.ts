/** Finds the index of a camera by its name. It is called hundreds of times per frame. */
export class CameraFinder {
  readonly #names: readonly string[]
  /** The camera to try first, by the last letters of the name. */
  readonly #likely = new Uint16Array(256)
  readonly #indices: ReadonlyMap<unknown, number>

  constructor(names: readonly string[]) {
    // Names are taken from the keys of an object, so that they are the same string objects as the keys of records: fast to compare.
    this.#names = names.map((name) => Object.keys({ [name]: 0 })[0] as string)
    this.#indices = new Map(this.#names.map((name, i) => [name, i]))
    for (const [i, name] of names.entries()) this.#likely[lastLetters(name)] = i
  }

  /** Returns -1 for a name that is not a camera of the file. */
  find(name: unknown): number {
    if (typeof name === 'string') {
      const index = this.#likely[lastLetters(name)] as number
      if (this.#names[index] === name) return index
    }
    return this.#indices.get(name) ?? -1
  }
}

/** A hash from 0 to 255. It differs for names that end in different numbers up to 99. */
function lastLetters(name: string): number {
  const last = name.length - 1
  return last < 1 ? 0 : (10 * name.charCodeAt(last - 1) + name.charCodeAt(last)) & 255
}
