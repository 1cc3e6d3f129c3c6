import { runPython } from '../support/python.js'
import { withoutModules } from '../support/python-modules.js'

const modules = ['zarr', 'fsspec', 'xarray', 'dask']

/** A reason to skip, or undefined. */
export const zarrAbsent = withoutModules(
  modules,
  modules.map((name) => `python3-${name}`),
)

/** Expects that zarr, xarray and dask read through the references what h5py reads from the files. Returns how much was compared. */
export async function expectSame(references: string, files: readonly string[]) {
  return JSON.parse(await runPython('references.py', [references, ...files])) as {
    zarr: number
    xarray: number
    missing: string[]
  }
}
