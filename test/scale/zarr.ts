import { execFileSync } from 'node:child_process'
import { python } from '../support/interpreter.js'
import { runPython } from '../support/python.js'

/** A reason to skip, or undefined. */
export const zarrAbsent: string | undefined = (() => {
  try {
    execFileSync(python(), ['-c', 'import zarr, fsspec, xarray, dask'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'skipped: Python has no zarr, fsspec, xarray and dask (Debian: python3-zarr python3-fsspec python3-xarray python3-dask)'
  }
})()

// Printed, so that nobody takes a skipped test for a passed one.
if (zarrAbsent) console.log(zarrAbsent)

/** Expects that zarr, xarray and dask read through the references what h5py reads from the files. Returns how much was compared. */
export async function expectSame(references: string, files: readonly string[]) {
  return JSON.parse(await runPython('references.py', [references, ...files])) as {
    zarr: number
    xarray: number
    missing: string[]
  }
}
