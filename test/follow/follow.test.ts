import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, run } from '../support/process.js'

// The short form of `npm run test:follow`: a reader follows a writer at full speed, paced, and killed. Only the long form judges
// delays, on an idle machine.

test('a follower gets every frame of a fast, a paced and a killed writer once, whole and in order', async () => {
  const args = ['--frames', '30000', '--rate', '10000', '--chunk-frames', '100', '--delays-unjudged']
  const { code, stdout, stderr } = await run(process.execPath, [join(ROOT, 'test/follow/run.js'), ...args])
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
  expect(stdout.match(/30000 frames came whole and in order; it ended: closed/g)).toHaveLength(2)
  expect(stdout.match(/it ended: ERR_NEEDS_RECOVERY/g)).toHaveLength(2)
  expect(stdout).toMatch(/every promise kept\n$/)
})
