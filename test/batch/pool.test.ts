import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { openRun, type PoolProgress, readRun, runPool } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { program, runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectRun, options, tracks } from './shards.js'

// `runPool`: many recordings on one machine, some of which kill their process.

interface Recording {
  out: string
  frames: number
  /** What happens before which frame, in which attempts. */
  fault?: 'SIGKILL' | 'exit' | 'throw' | 'hang' | 'abort()'
  at?: number
  until?: number
}

/** A module that writes a recording, and does what its fault says. */
const work = () =>
  program(`
import { setTimeout as sleep } from 'node:timers/promises'
import { openRun } from 'h5tracks/batch'
import { fish } from 'frames'
const cameras = ['north', 'east']
export default async function ({ out, frames, fault, at = 30, until = Infinity }, { attempt, signal }) {
  const run = await openRun(out, { ...${JSON.stringify(options)}, signal })
  try {
    for (let frame = run.nextFrame; frame < frames; frame++) {
      if (frame === at && attempt <= until) {
        await sleep(100)
        if (fault === 'SIGKILL') process.kill(process.pid, 'SIGKILL')
        if (fault === 'exit') { console.error('no memory for frame', frame); process.exit(7) }
        if (fault === 'throw') throw Object.assign(new Error('cannot decode frame ' + frame), { code: 'ERR_VIDEO' })
        if (fault === 'abort()') process.abort()
        if (fault === 'hang') for (;;);
      }
      if (fault === 'hang') await sleep(5, null, { signal })
      if (!run.writeFrame(frame, [fish(0, frame, cameras), fish(1, frame, cameras)])) await run.drain()
    }
    await run.seal()
  } finally {
    await run.close()
  }
}`)

const recordings = (...given: Omit<Recording, 'out'>[]) =>
  given.map((one, i): Recording => ({ ...one, out: scratch(`tank-${i}`) }))

describe('with a module', () => {
  test('recordings that kill their process are tried again, end as dead letters with the last error, and cost no other one', async () => {
    const given = recordings(
      { frames: 50 },
      { frames: 50, fault: 'SIGKILL' },
      { frames: 25 },
      { frames: 50, fault: 'exit' },
      { frames: 60, fault: 'throw' },
      { frames: 45, fault: 'abort()', until: 1 },
      { frames: 65, fault: 'throw', until: 2 },
    )
    const reports: PoolProgress<Recording>[] = []
    const { done, dead, fenced } = await runPool(given, work(), {
      workers: 2,
      attempts: 3,
      onProgress: (report) => reports.push(report),
    })
    expect(fenced).toEqual([])
    expect(new Set(done)).toEqual(new Set([0, 2, 5, 6].map((i) => given[i])))
    for (const { out, frames } of done) await expectRun(out, frames)
    expect(new Set(dead.map(({ recording }) => recording))).toEqual(new Set([1, 3, 4].map((i) => given[i])))
    const errorOf = (i: number) => dead.find(({ recording }) => recording === given[i])?.error
    expect(errorOf(1)).toMatchObject({ code: 'ERR_CRASHED', message: expect.stringMatching(/ended with SIGKILL/) })
    expect(errorOf(3)?.message).toMatch(/ended with exit code 7, and printed: no memory for frame 30/)
    expect(errorOf(4)).toMatchObject({ code: 'ERR_VIDEO', message: 'cannot decode frame 30' })
    for (const { recording, attempts, error, runs } of dead) {
      expect({ attempts, runs }).toEqual({ attempts: 3, runs: [recording.out] })
      const run = await expectRun(recording.out, 20, 'dead')
      expect(run).toMatchObject({ attempts: 3, lastError: { message: error.message } })
    }
    const states = (i: number) => reports.filter(({ recording }) => recording === given[i]).map(({ state }) => state)
    expect(states(6).filter((state) => state !== 'frames')).toEqual([
      'started',
      'retry',
      'started',
      'retry',
      'started',
      'done',
    ])
    expect(reports.findLast(({ recording }) => recording === given[6])).toMatchObject({
      frames: 65,
      attempt: 3,
      total: 7,
    })
    expect(Math.max(...reports.map(({ finished }) => finished))).toBe(7)
  })

  test('a run that was given up continues in a later pool', async () => {
    const given = recordings({ frames: 50, fault: 'SIGKILL', at: 30 })
    expect((await runPool(given, work(), { attempts: 1 })).dead).toHaveLength(1)
    expect(
      (
        await runPool(
          given.map(({ out }) => ({ out, frames: 50 })),
          work(),
        )
      ).done,
    ).toHaveLength(1)
    expect(await expectRun(given[0]!.out, 50)).toMatchObject({ attempts: 2, lastError: null })
  })

  test('a process that gives no sign of life is killed, and its recording tried again', async () => {
    const given = recordings({ frames: 50, fault: 'hang', until: 1 })
    const errors: unknown[] = []
    const { done } = await runPool(given, pathToFileURL(work()), {
      heartbeat: 2000,
      onProgress: ({ error }) => error && errors.push(error.message),
    })
    expect(done).toEqual(given)
    expect(errors).toEqual([expect.stringMatching(/gave no sign of life for 2000 ms/)])
    await expectRun(given[0]!.out, 50)
  })

  test('a signal reaches the attempts, and runPool rejects with its reason when they have ended', async () => {
    const given = recordings(
      { frames: 1e6, fault: 'hang', at: -1 },
      { frames: 1e6, fault: 'hang', at: -1 },
      { frames: 5 },
    )
    const controller = new AbortController()
    const reason = new Error('enough')
    const states: string[] = []
    const pool = runPool(given, work(), {
      workers: 2,
      signal: controller.signal,
      onProgress: ({ state, frames }) => {
        states.push(state)
        if (frames >= 40) controller.abort(reason)
      },
    })
    await expect(pool).rejects.toBe(reason)
    expect(states).not.toContain('retry')
    expect((await readRun(given[0]!.out)).state).toBe('open')
    expect(existsSync(given[2]!.out)).toBe(false)
  })

  test('processes that do not end after a signal are killed', async () => {
    const given = recordings({ frames: 50, fault: 'hang' })
    const controller = new AbortController()
    const pool = runPool(given, work(), {
      grace: 200,
      signal: controller.signal,
      onProgress: ({ state }) => state === 'frames' && setTimeout(() => controller.abort(), 1000),
    })
    await expect(pool).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('the processes of a pool end when the pool is killed', async () => {
    const [one] = recordings({ frames: 1e6, fault: 'hang', at: -1 })
    const pids = join(dirname(one!.out), 'pid')
    const module = program(`
import { writeFileSync } from 'node:fs'
export default async () => {
  writeFileSync(${JSON.stringify(pids)}, String(process.pid))
  setTimeout(() => process.kill(process.ppid, 'SIGKILL'), 50)
  await new Promise((resolve) => setTimeout(resolve, 60_000))
}`)
    const { signal } = await runNode(
      `import { runPool } from 'h5tracks/batch'\nawait runPool([1], ${JSON.stringify(module)})`,
    )
    expect(signal).toBe('SIGKILL')
    const pid = Number(readFileSync(pids, 'utf8'))
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false)
  })

  test('a module without a default function is a dead letter that says so', async () => {
    const { dead } = await runPool([1], program('export const work = 1'), { attempts: 1 })
    expect(dead[0]?.error.message).toMatch(/has no function as its default export/)
  })
})

describe('with a function', () => {
  const write = async (
    { out, frames, fault, until = 9 }: Recording,
    { attempt, signal }: { attempt: number; signal: AbortSignal },
  ) => {
    const run = await openRun(out, { ...options, signal })
    try {
      for (let frame = run.nextFrame; frame < frames; frame++) {
        if (fault === 'throw' && frame === 30 && attempt <= until) throw new Error('cannot decode')
        if (fault === 'hang') await sleep(1, null, { signal })
        if (!run.writeFrame(frame, tracks(frame))) await run.drain()
      }
      await run.seal()
    } finally {
      await run.close()
    }
  }

  test('recordings are written in this process, at most `workers` at a time, and retried', async () => {
    const given = recordings(
      { frames: 45 },
      { frames: 50, fault: 'throw' },
      { frames: 50, fault: 'throw', until: 1 },
      { frames: 20 },
    )
    let now = 0
    let most = 0
    const { done, dead } = await runPool(
      given,
      async (recording, attempt) => {
        most = Math.max(most, ++now)
        await write(recording, attempt).finally(() => now--)
      },
      { workers: 2 },
    )
    expect(most).toBe(2)
    expect(new Set(done)).toEqual(new Set([0, 2, 3].map((i) => given[i])))
    for (const { out, frames } of done) await expectRun(out, frames)
    expect(dead).toMatchObject([
      { recording: given[1], attempts: 3, error: { message: 'cannot decode' }, runs: [given[1]!.out] },
    ])
    expect(await readRun(given[1]!.out)).toMatchObject({ state: 'dead', lastError: { message: 'cannot decode' } })
  })

  test('a recording that another program has claimed is not tried again', async () => {
    const given = recordings({ frames: 50 })
    const { fenced, done, dead } = await runPool(given, async ({ out }, attempt) => {
      const run = await openRun(out, options)
      await (await openRun(out, options)).close()
      expect(attempt.attempt).toBe(1)
      await run.seal()
    })
    expect({ fenced, done, dead }).toEqual({ fenced: given, done: [], dead: [] })
  })

  test('an error of onProgress ends the pool with that error', async () => {
    const given = recordings({ frames: 1e6, fault: 'hang' }, { frames: 1e6, fault: 'hang' })
    const wrong = new Error('no such column')
    const pool = runPool(given, write, {
      workers: 2,
      onProgress: ({ state }) => {
        if (state === 'frames') throw wrong
      },
    })
    await expect(pool).rejects.toBe(wrong)
  })
})

test('runPool refuses arguments that it cannot use', async () => {
  for (const [field, call] of [
    ['workers', () => runPool([], 'a.mjs', { workers: 0 })],
    ['attempts', () => runPool([], 'a.mjs', { attempts: 1.5 })],
    ['work', () => runPool([], 7 as never)],
    ['retries', () => runPool([], 'a.mjs', { retries: 3 } as never)],
    ['heartbeat', () => runPool([], () => {}, { heartbeat: 100 })],
    ['signal', () => runPool([], 'a.mjs', { signal: 3 } as never)],
  ] as const) {
    expect(await failure(call)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field })
  }
  expect(await runPool([], 'nowhere.mjs')).toEqual({ done: [], dead: [], fenced: [] })
})
