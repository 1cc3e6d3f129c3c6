import { spawnSync } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TrackingWriter } from 'h5tracks'
import { stats } from 'h5tracks/edit'
import { beforeAll, describe, expect, test } from 'vitest'
import { fishIn } from '../edit/recordings.js'
import { python } from '../support/interpreter.js'
import { ROOT, run } from '../support/process.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { blocksOf } from './blocks.js'

// The programs of docs/read-anywhere.md run as they stand and agree with `stats`.

const works = (program: string, args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0
const blocks = blocksOf('docs/read-anywhere.md')
const source = (language: string) => blocks.find((block) => block.language === language)!.source

const LANGUAGES = [
  { language: 'python', file: 'read.py', command: [python()], is: () => true },
  {
    language: 'matlab',
    file: 'read.m',
    command: ['octave-cli', '--norc'],
    is: () => works('octave-cli', ['--version']),
  },
  { language: 'r', file: 'read.R', command: ['Rscript'], is: () => works('Rscript', ['-e', 'library(rhdf5)']) },
]

describe('docs/read-anywhere.md', () => {
  let cwd: string
  let expected: { frames: number; distance: number }

  beforeAll(async () => {
    const path = scratch('run.h5')
    cwd = dirname(path)
    using writer = new TrackingWriter(path, ['top', 'left'], { maxFish: 6, metadata: { fps: 50 } })
    for (let f = 0; f < 300; f++) writer.writeFrame(f + (f > 200 ? 9 : 0), fishIn(f))
    writer.closeSync()
    copyFileSync(join(ROOT, 'examples/matlab/read_h5tracks.m'), join(cwd, 'read_h5tracks.m'))
    const [fish] = (await stats(path, { animals: [1] })).animals
    // The programs count a fish without a position as well, and join positions across it only if it has none in between.
    expected = { frames: fish!.frames + fish!.framesUnknown, distance: fish!.distance }
  })

  for (const { language, file, command, is } of LANGUAGES) {
    const [program, ...args] = command as [string, ...string[]]
    test.skipIf(!is())(
      `the program in ${language} runs and measures what stats measures (needs ${program})`,
      async () => {
        writeFileSync(join(cwd, file), source(language))
        const { code, stdout, stderr } = await run(program, [...args, file], { cwd })
        expect({ code, stderr: language === 'python' ? stderr : '' }).toEqual({ code: 0, stderr: '' })
        const [, frames, distance] = /frames (\d+) distance ([\d.]+)/.exec(stdout)!.map(Number)
        expect(frames).toBe(expected.frames)
        expect(distance! / expected.distance).toBeCloseTo(1, 5)
      },
    )
  }

  test.skipIf(!works('octave-cli', ['--version']))(
    'read_h5tracks.m gives each dataset with the axes of the file (needs octave-cli)',
    async () => {
      const print = `t = read_h5tracks('run.h5');
      printf('%d ', size(t.frame_index), size(t.fish_id), size(t.centroid_3d), size(t.bboxes.left));
      printf('%d ', t.fish_id(7, :), t.bboxes.top(7, 2, :), t.frame_index(end)); printf('%.6f ', t.centroid_3d(7, 2, :));`
      const { stdout } = await run('octave-cli', ['--norc', '--eval', print], { cwd })
      const [ids, box, at] = await askH5py<number[][]>(
        join(cwd, 'run.h5'),
        '[f["tracking"][n][k].tolist() for n, k in [("fish_id", 6), ("bboxes/top", (6, 1)), ("centroid_3d", (6, 1))]]',
      )
      const numbers = stdout.trim().split(/\s+/).map(Number)
      expect(numbers.slice(0, 11)).toEqual([300, 1, 300, 6, 300, 6, 3, 300, 6, 4, ids![0]])
      expect(numbers.slice(10, 21)).toEqual([...ids!, ...box!, 308])
      expect(numbers.slice(21).map((x) => Math.round(1e4 * x))).toEqual(at!.map((x) => Math.round(1e4 * x)))
    },
  )

  test('a program that the tests do not run says so', () => {
    const tested = new Set(LANGUAGES.map(({ language }) => language))
    expect(blocks.map(({ language }) => language).filter((language) => !tested.has(language))).toEqual(['julia'])
  })
})
