import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { versions } from 'h5tracks'
import { beforeAll, describe, expect, test } from 'vitest'
import { pandasAbsent } from '../support/formats/pandas.js'
import { analysisFile } from '../support/formats/sleap.js'
import { slpFile } from '../support/formats/slp.js'
import { output, ROOT } from '../support/process.js'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// A process of its own converts damaged copies of a file, since it may crash.

const program = join(ROOT, 'test/formats/mutants.mjs')
const folder = join(dirname(scratch('x')), 'whole')
const files: Record<string, string> = {}

beforeAll(async () => {
  mkdirSync(folder)
  files.analysis = await analysisFile({ frames: 300, tracks: 3, nodes: 4 })
  const points = [
    [1, 2, 0.5],
    [3, 4, 0.5],
  ]
  const frames = Array.from({ length: 60 }, (_, frame) => ({
    frame,
    instances: [
      { track: 0, points },
      { track: 1, points },
    ],
  }))
  files.slp = await slpFile({ frames })
  if (pandasAbsent) return
  await runPython('deeplabcut_files.py', [folder])
  for (const name of ['multi.csv', 'multi_fixed.h5', 'multi_table.h5']) files[name] = join(folder, name)
})

interface Outcome {
  /** Number of copies by how their conversion ended: 'converted', or the code of the error. */
  outcomes: Record<string, number>
  /** Errors that do not name the file, or have no code. */
  unnamed: string[]
  /** Outputs that were left by a conversion that failed. */
  left: string[]
}

// The bundled HDF5 is patched where damaged files crash it (cmake/hdf5/mend), the system's is not.
describe.runIf(versions.hdf5.linked === 'static')(
  'a damaged file is converted, or refused with an error that names it, and leaves no output',
  () => {
    test.each([
      ['analysis', 'sleap-analysis'],
      ['slp', 'sleap'],
      ['multi.csv', 'deeplabcut-csv'],
      ['multi_fixed.h5', 'deeplabcut'],
      ['multi_table.h5', 'deeplabcut'],
    ])('%s', async (name, from) => {
      const source = files[name]
      if (source === undefined) return
      expect(existsSync(source)).toBe(true)
      const { outcomes, unnamed, left } = JSON.parse(
        await output(process.execPath, [program, source, from, '120']),
      ) as Outcome
      expect({ unnamed, left }).toEqual({ unnamed: [], left: [] })
      // The damage reaches what is converted.
      expect(Object.keys(outcomes).length).toBeGreaterThan(1)
    })

    test.each(['analysis', 'slp'])('%s with the name of another format', async (name) => {
      const path = scratch('mislabelled.csv')
      writeFileSync(path, readFileSync(files[name] as string))
      const text = await output(process.execPath, [program, path, 'deeplabcut-csv', '1'])
      expect(JSON.parse(text)).toMatchObject({ outcomes: { ERR_FORMAT: 1 }, unnamed: [], left: [] })
    })
  },
)
