import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { HOUR, writeHour } from '../../bench/support/hour.mjs'
import { start } from '../cli/command.js'
import { scratch } from '../support/scratch.js'
import { closeBrowser, counted, drawn, missing, soon, theBrowser } from './browser.js'

// An hour at 60 frames/s: what `h5tracks view` reads before the first picture, and how much memory the server and the tab take.
// How fast it is, bench/view.mjs measures.

const { frames, fish } = HOUR

let file: string
beforeAll(async () => {
  file = scratch('hour.h5')
  await writeHour(file)
})
afterAll(closeBrowser)

/** The command, as a process of its own. */
async function serve() {
  const { child, ended } = start(['view', file])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [printed] = await once(child.stdout, 'data')
  const peak = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024
  return { child, ended, url: String(printed).trim(), peak }
}

describe.skipIf(missing)('a recording of an hour', () => {
  test('needs one window for the first picture, counts meanwhile, and stays within its memory while the user looks around', async () => {
    const { child, ended, url, peak } = await serve()
    const page = await (await theBrowser()).newPage({ viewport: { width: 1200, height: 800 } })
    onTestFinished(() => page.close())
    const requests: { path: string; bytes: Promise<number> }[] = []
    page.on('requestfinished', (request) => {
      const path = new URL(request.url()).pathname.split('/').at(-1) as string
      requests.push({ path, bytes: request.sizes().then(({ responseBodySize }) => responseBodySize) })
    })
    await page.goto(`${url}#frame=100000`)
    await drawn(page, 100_000)
    const before = [...requests]
    expect(before.filter(({ path }) => path === 'window')).toHaveLength(1)
    const bytes = (await Promise.all(before.map((one) => one.bytes))).reduce((sum, n) => sum + n, 0)
    expect(bytes).toBeLessThan(1_000_000)
    await counted(page, fish)
    await page.waitForFunction((n) => Number(document.body.dataset.scanned) === n, frames)
    await expect.poll(() => page.locator('#animals small').nth(8).textContent(), soon).toBe('83.3 %')

    // Through the whole recording, as fast as pictures come.
    const session = await page.context().newCDPSession(page)
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage')
      const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
        usedSize: number
        backingStorageSize?: number
      }
      return (usedSize + backingStorageSize) / 2 ** 20
    }
    const began = await heap()
    const shown = await page.evaluate(async (last) => {
      const slider = document.getElementById('scrubber') as HTMLInputElement
      const before = Number(document.body.dataset.pictures)
      for (let i = 1; i <= 400; i++) {
        slider.value = String(Math.floor((last * i) / 400))
        slider.dispatchEvent(new Event('input'))
        await new Promise(requestAnimationFrame)
      }
      return Number(document.body.dataset.pictures) - before
    }, frames - 1)
    await drawn(page, frames - 1)
    expect(shown).toBeGreaterThan(50)
    const grown = (await heap()) - began
    expect(grown).toBeLessThan(40)
    expect(peak()).toBeLessThan(200)
    console.log(
      `hour: ${shown} pictures in 400 steps; tab +${grown.toFixed(1)} MiB, server at most ${peak().toFixed(0)} MiB`,
    )

    // Ctrl-C ends the command while a viewer is connected.
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, stderr: '' })
  })
})
