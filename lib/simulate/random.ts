/** The random number generator sfc32: small, fast, and with the same sequence for the same seed on every machine. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    // The high part of the seed counts too, so that seeds beyond 32 bits differ.
    this.#a = seed | 0
    this.#b = Math.floor(seed / 2 ** 32) | 0
    this.#c = 0x9e3779b9 | 0
    for (let i = 0; i < 16; i++) this.uniform()
  }

  /** A uniform random number in [0, 1). */
  uniform(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }

  /** A roughly normal random number with mean 0 and variance 1, within ±3: a sum of three uniform ones. */
  normal(): number {
    return 2 * (this.uniform() + this.uniform() + this.uniform() - 1.5)
  }
}
