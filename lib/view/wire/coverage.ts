/** How much of a recording each animal covers, as bytes: what the server sends and the timeline draws. */

/** The frames from the beginning, in bins of equal length. */
export interface Coverage {
  /** Number of frames that are counted. */
  readonly scanned: number
  readonly binFrames: number
  readonly bins: number
  /** The animals, in ascending order. */
  readonly ids: readonly number[]
  /** Number of frames in which each animal is seen. */
  readonly seen: readonly number[]
  /** Rows of the first and last frame in which each animal is seen. */
  readonly first: readonly number[]
  readonly last: readonly number[]
  /** Number of animals that are not listed, because there are too many. */
  readonly unlisted: number
  /** Number of frames that are missing between consecutive frames. */
  readonly missing: number
  /** For each animal and bin the share of its frames, from 0 (none) to 255 (all). Then for each bin 1 if frames are missing in it. */
  readonly shares: Uint8Array
}

/** A head in JSON, the length of which comes first, and then the shares. */
export function encodeCoverage({ shares, ...head }: Coverage): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(head))
  const bytes = new Uint8Array(4 + json.length + shares.length)
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, 4)
  bytes.set(shares, 4 + json.length)
  return bytes
}

export function decodeCoverage(buffer: ArrayBuffer): Coverage {
  const length = new DataView(buffer).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  return { ...head, shares: new Uint8Array(buffer, 4 + length) }
}
