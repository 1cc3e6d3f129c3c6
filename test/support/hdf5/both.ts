import * as ours from 'h5tracks/h5wasm'
import * as theirs from 'h5wasm/node'

/** The API that h5wasm and our drop-in share. */
export type Library = typeof ours

/** The real h5wasm, set to throw errors instead of printing them. */
export async function h5wasmItself(): Promise<Library> {
  const module = await theirs.ready
  module.activate_throwing_error_handler()
  return theirs as unknown as Library
}

export { ours }

/** The result or the error of an action, in a form that compares equal between the two libraries. */
export type Outcome = { gave: unknown } | { threw: string }

export function outcome(action: () => unknown): Outcome {
  try {
    // Copied, since h5wasm changes the metadata of arrays when it reads them.
    return { gave: structuredClone(plain(action())) }
  } catch (error) {
    return { threw: String(error) }
  }
}

/** Replaces references of either library by their bytes and keeps everything else. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object' && 'ref_data' in value) {
    return { [value.constructor.name]: Array.from(value.ref_data as Uint8Array) }
  }
  return value
}
