import * as ours from 'h5tracks/h5wasm'
import * as theirs from 'h5wasm/node'

/** A program for h5wasm runs with either. */
export type Library = typeof ours

/** h5wasm itself, with errors thrown instead of printed. */
export async function h5wasmItself(): Promise<Library> {
  const module = await theirs.ready
  module.activate_throwing_error_handler()
  return theirs as unknown as Library
}

export { ours }

/** What a program gives or throws, comparable between the two libraries. */
export type Outcome = { gave: unknown } | { threw: string }

export function outcome(action: () => unknown): Outcome {
  try {
    // A copy: h5wasm changes metadata of arrays when it reads them.
    return { gave: structuredClone(plain(action())) }
  } catch (error) {
    return { threw: String(error) }
  }
}

/** References of either library as their bytes; everything else as it is. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object' && 'ref_data' in value) {
    return { [value.constructor.name]: Array.from(value.ref_data as Uint8Array) }
  }
  return value
}
