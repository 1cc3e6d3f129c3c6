// The programs of the rows in rows/floor/: ours and those of both peers.
import { fileURLToPath } from 'node:url'
import { python } from '../../test/support/interpreter.js'
import { answer, node } from './child.mjs'

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const argument = (command, parameters) => JSON.stringify({ command, ...parameters })

export const floor = {
  ours: (command, parameters) => node(here('jobs/floor.mjs'), argument(command, parameters)),
  h5py: (command, parameters) => answer(python(), [here('peers/floor_h5py.py'), argument(command, parameters)]),
  h5wasm: (command, parameters) => node(here('peers/floor-h5wasm.mjs'), argument(command, parameters)),
}
