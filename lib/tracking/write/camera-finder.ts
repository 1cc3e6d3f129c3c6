/** Finds the index of a camera by its name, some hundred times a frame. */
export class CameraFinder {
  readonly #names: readonly string[]
  /** What is looked at first, by the names' last letters. */
  readonly #likely = new Uint16Array(256)
  readonly #indices: ReadonlyMap<unknown, number>

  constructor(names: readonly string[]) {
    // Taken from an object's keys: a record's key of the same letters then is the same string, which is quick to compare.
    this.#names = names.map((name) => Object.keys({ [name]: 0 })[0] as string)
    this.#indices = new Map(this.#names.map((name, i) => [name, i]))
    for (const [i, name] of names.entries()) this.#likely[lastLetters(name)] = i
  }

  /** -1: no camera of the file. */
  find(name: unknown): number {
    if (typeof name === 'string') {
      const index = this.#likely[lastLetters(name)] as number
      if (this.#names[index] === name) return index
    }
    return this.#indices.get(name) ?? -1
  }
}

/** 0 to 255; names that end in numbers up to 99 differ. */
function lastLetters(name: string): number {
  const last = name.length - 1
  return last < 1 ? 0 : (10 * name.charCodeAt(last - 1) + name.charCodeAt(last)) & 255
}
