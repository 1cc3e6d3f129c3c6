import { writeFileSync } from 'node:fs'
import { check, TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { startNode } from '../../support/process.js'
import { changeTracking } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { written } from '../../support/tracking/writing.js'

// What check() refuses: files that a reader refuses too, and options that it does not know.

const frames = school(35)
const good = () => written(frames, CAMERAS, { chunkFrames: 10, maxFish: 5 })

/** A good file, with `g` = /tracking changed by lines of Python. */
const changed = async (lines: string) => changeTracking(await good(), lines)

describe('check refuses a file that a reader refuses', () => {
  const refusal = async (path: string) => {
    const error = await failure(() => check(path))
    expect(await failure(() => new TrackingReader(path))).toMatchObject({ code: error.code, message: error.message })
    return error.code
  }

  test('check refuses a file that is no tracking file with the error of TrackingReader', async () => {
    const text = scratch('notes.txt')
    writeFileSync(text, 'frame,id\n'.repeat(100))
    expect(await refusal(text)).toBe('ERR_NOT_HDF5')
    expect(await refusal(scratch())).toBe('ENOENT')
    expect(await refusal(await changed('del g["bboxes/east"]'))).toBe('ERR_FORMAT')
    expect(await refusal(await changed('del g.attrs["camera_names"]'))).toBe('ERR_FORMAT')
  })

  test('check refuses a file that another process is writing with ERR_LOCKED', async () => {
    const path = scratch()
    await using writer = await startNode(
      `import { TrackingWriter } from 'h5tracks'
      const writer = new TrackingWriter(process.argv[2], [])
      console.log('open')
      process.stdin.on('end', () => writer.closeSync()).resume()`,
      [path],
    )
    expect(await refusal(path)).toBe('ERR_LOCKED')
    expect(await writer.end()).toBe(0)
    expect((await check(path)).findings).toEqual([])
  })

  test('check refuses a dataset that claims more rows than the file can hold with ERR_TOO_LARGE', async () => {
    const path = await changed('for name in ["fish_id", "n_cameras"]: g[name].resize(2 ** 50, axis=0)')
    const error = await failure(() => check(path))
    expect(error).toMatchObject({ code: 'ERR_TOO_LARGE', path, message: expect.stringContaining('/tracking/fish_id') })
  })
})

describe('options of check', () => {
  test("check accepts indices in any order with frameOrder: 'any'", async () => {
    const path = await written(
      [
        { frameIndex: 3, tracks: [] },
        { frameIndex: 1, tracks: [] },
      ],
      CAMERAS,
      { frameOrder: 'any' },
    )
    expect((await check(path)).findings).toMatchObject([{ code: 'frame-order', frames: { start: 1, stop: 2 } }])
    expect((await check(path, { frameOrder: 'any' })).findings).toEqual([])
  })

  test('check rejects with the abort reason of its signal', async () => {
    const path = await good()
    const stop = new AbortController()
    const running = check(path, { signal: stop.signal })
    const reason = new Error('enough')
    stop.abort(reason)
    await expect(running).rejects.toBe(reason)
    await expect(check(path, { signal: stop.signal })).rejects.toBe(reason)
    expect((await check(path, { signal: new AbortController().signal })).findings).toEqual([])
  })

  test.each([{ frameOrder: 'some' }, { signal: 3 }, { strict: true }])(
    'check refuses the options %j',
    async (options) => {
      const error = await failure(async () => check(await good(), options as object))
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: Object.keys(options)[0] })
    },
  )
})
