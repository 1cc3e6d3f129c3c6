import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { h5tracks } from './command.js'

// Mounting a small file system is root's privilege.
const isRoot = process.getuid?.() === 0

describe.skipIf(!isRoot)(`a full disk${isRoot ? '' : ' (skipped: only root can mount a small one)'}`, () => {
  function tinyDisk(size = '1m'): string {
    const directory = scratch('disk')
    mkdirSync(directory)
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', directory])
    onTestFinished(() => void execFileSync('umount', [directory]))
    return directory
  }

  /** 6000 frames of nine fish at positions that do not compress. */
  const tracks = () => {
    let state = 1
    const random = () => (state = (state * 48271) % 2147483647)
    const position = () => [random(), random(), random()]
    return Array.from({ length: 6000 }, () => Array.from({ length: 9 }, position))
  }

  function jsonLines(): string {
    const path = scratch('tracks.jsonl')
    const frames = tracks().map((fish, frame) => ({
      frame,
      tracks: fish.map((centroid3d, fishId) => ({ fishId, centroid3d })),
    }))
    writeFileSync(path, frames.map((frame) => `${JSON.stringify(frame)}\n`).join(''))
    return path
  }

  test('import of CSV on a full disk leaves nothing', async () => {
    const disk = tinyDisk('256k')
    const [source, out] = [scratch('tracks.csv'), join(disk, 'run.h5')]
    const rows = tracks().flatMap((fish, frame) => fish.map((position, id) => [frame, id, ...position].join()))
    writeFileSync(source, `frame,id,x,y,z\n${rows.join('\n')}\n`)
    const { code, stderr } = await h5tracks(['import', source, out])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^h5tracks: ENOSPC: no space left on device.*; \S+run\.h5 was not written\n$/)
    expect(readdirSync(disk)).toEqual([])
  })

  test.each([
    ['import', (output: string) => ['import', jsonLines(), output, '--chunk-frames', '200']],
    ['demo', (output: string) => ['demo', output, '--cameras', '1', '--fish', '1', '--frames', '60000']],
  ])(
    '%s on a full disk says which frames are kept and what to do, and recover restores them',
    async (_command, args) => {
      const disk = tinyDisk()
      const path = join(disk, 'run.h5')
      const { code, stderr } = await h5tracks(args(path))
      expect(code).toBe(1)
      expect(stderr.trim().split('\n').at(-1)).toMatch(
        /^h5tracks: ENOSPC: .*; \d+ frames were accepted, and none is lost: .*run\.h5\.journal\. Free space on its disk, then recover the file: h5tracks recover \S+run\.h5/,
      )
      const [, accepted] = /(\d+) frames were accepted/.exec(stderr)!

      execFileSync('mount', ['-o', 'remount,size=64m', disk])
      const recovered = await h5tracks(['recover', path])
      expect(recovered).toMatchObject({ code: 0, stderr: '' })
      const { stdout } = await h5tracks(['info', '--json', path])
      expect(JSON.parse(stdout).frames).toBe(Number(accepted))
    },
  )
})
