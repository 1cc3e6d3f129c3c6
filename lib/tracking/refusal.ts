import { H5TracksError, show } from '../errors.js'

/** Where in the frames a writer is, so that what refuses a frame can say so. */
export class Place {
  frame: number | bigint = 0
  /** -1: not at a fish. */
  fish = -1
  /** What a refusal has left undone, as it is said at the end of its message. */
  readonly #outcome: string

  constructor(outcome = 'the frame was not written') {
    this.#outcome = outcome
  }

  /** The error for a value of the frame, of a fish or of a fish in a camera. `value`: its field, as in `tracks[0].bboxes[2]`. */
  refusal(code: string, value: string, allowed: string, given: unknown, camera?: unknown): H5TracksError {
    const at = []
    const fields: { frame?: number | bigint; fish?: number; camera?: string } = {}
    if (typeof this.frame === 'number' || typeof this.frame === 'bigint') {
      at.push(`frame ${this.frame}`)
      fields.frame = this.frame
    }
    if (this.fish >= 0) {
      at.push(`fish ${this.fish}`)
      fields.fish = this.fish
    }
    if (camera !== undefined) {
      at.push(`camera ${show(camera)}`)
      fields.camera = String(camera)
    }
    const where = at.length > 0 ? `${at.join(', ')}: ` : ''
    return new H5TracksError(`${where}${value} ${allowed}; got ${show(given)}; ${this.#outcome}`, {
      code,
      ...fields,
      field: value.replace(/^tracks\[\d+\]\./, '').replace(/\[\d+\]$/, ''),
    })
  }

  /** Checks a value that is stored as int32. */
  checkInteger(value: unknown, min: number, field: string, camera?: string): asserts value is number {
    if (typeof value !== 'number') throw this.refusal('ERR_INVALID_TRACK', field, 'must be a number', value, camera)
    if ((value | 0) !== value || value < min) {
      const allowed = `must be an integer from ${min} to ${2 ** 31 - 1}`
      throw this.refusal('ERR_OUT_OF_RANGE', field, allowed, value, camera)
    }
  }
}
