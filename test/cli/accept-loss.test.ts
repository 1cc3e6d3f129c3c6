import { existsSync, readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { scratch } from '../support/scratch.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { h5tracks } from './served.js'

// The file of a killed writer whose journal is missing: every command reports it and exits with 1, unless given
// --accept-loss.

test('info, plot, tail, check and recover refuse an unclosed file without its journal, except with --accept-loss', async () => {
  const path = await killed(25, {}, 'await writer.flush()')
  rmSync(journalOf(path))
  const picture = scratch('run.svg')
  const before = readFileSync(path)
  for (const args of [
    ['info', path],
    ['info', path, '--untrusted'],
    ['plot', path, picture],
    ['tail', path],
    ['recover', path],
  ]) {
    const { code, stdout, stderr } = await h5tracks(args)
    expect({ code, stdout }, args[0]).toEqual({ code: 1, stdout: '' })
    expect(stderr, args[0]).toMatch(/its journal is missing: .*--accept-loss.* \[ERR_NOT_CLOSED\]\n$/)
  }
  expect(existsSync(picture)).toBe(false)
  expect(await h5tracks(['check', path])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('its journal is missing'),
  })
  expectBytes(path, before)

  const info = await h5tracks(['info', path, '--accept-loss'])
  expect(info.stdout).toContain('Frames      25 (0 to 24)\n')
  expect(info.stdout).toContain('Not closed  its writer died')
  expect(await h5tracks(['plot', path, picture, '--accept-loss'])).toMatchObject({ code: 0 })
  expect((await h5tracks(['tail', path, '-n', '1', '--accept-loss'])).stdout).toContain('      24  3 fish')
  const recovered = await h5tracks(['recover', path, '--accept-loss'])
  expect(recovered).toMatchObject({ code: 0, stderr: '' })
  expect(recovered.stdout).toContain('an unknown number of frames after the first 25\n')
  expect(recovered.stdout).toContain(`kept: ${path}.unclosed is the file as it was\n`)

  expect((await h5tracks(['info', path])).stdout).toContain('Lost        the file was not closed by its writer')
  expect(JSON.parse((await h5tracks(['info', path, '--json'])).stdout)).toMatchObject({
    frames: 25,
    closedCleanly: true,
    losses: [expect.stringContaining('after the first 25')],
  })
  expect(await h5tracks(['check', path])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('error: frames-lost\n'),
  })
})
