// Measures the page of `h5tracks view` with a recording of an hour at 60 frames a second, in chromium that draws in software:
// the time to the first picture, jumps to random places, pictures a second while scrubbing and playing, and memory.
//
//   node bench/view.mjs [file]     (a file of your own instead)
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { writeHour } from './support/hour.mjs'

const directory = mkdtempSync(join(tmpdir(), 'h5tracks-view-'))
const [given] = process.argv.slice(2)
const file = given ?? join(directory, 'hour.h5')
if (!given) await writeHour(file, ['top', 'front', 'left', 'right'])

const command = fileURLToPath(new URL('../dist/command/h5tracks.js', import.meta.url))
const server = spawn(process.execPath, [command, 'view', file], { stdio: ['ignore', 'pipe', 'inherit'] })
const url = String((await once(server.stdout, 'data'))[0]).trim()
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const middle = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]
const say = (what, value) => console.log(`${what.padEnd(44)} ${value}`)

// The first page loads the browser's own code; the second is what users see.
const first = []
let page
for (let i = 0; i < 4; i++) {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.addInitScript(() => {
    const look = () => {
      if (document.body?.dataset.row) globalThis.firstPicture = performance.now()
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await page.goto(url)
  await page.waitForFunction(() => globalThis.firstPicture)
  first.push(await page.evaluate(() => globalThis.firstPicture))
  if (i < 3) await page.close()
}
say(
  'first picture, ms after the address was opened',
  `${first[0].toFixed(0)} first, then ${middle(first.slice(1)).toFixed(0)}`,
)
await page.waitForFunction(
  () => document.body.dataset.scanned === String(Number(document.getElementById('scrubber').max) + 1),
)

for (const view of await page.locator('#views button').allTextContents()) {
  await page.getByRole('button', { name: view, exact: true }).click()
  const seeks = await page.evaluate(async () => {
    const slider = document.getElementById('scrubber')
    const times = []
    for (let i = 0; i < 60; i++) {
      const row = Math.floor(((i * 0.618) % 1) * Number(slider.max))
      const began = performance.now()
      slider.value = String(row)
      slider.dispatchEvent(new Event('input'))
      while (document.body.dataset.row !== String(row)) await new Promise(requestAnimationFrame)
      times.push(performance.now() - began)
    }
    return times.sort((a, b) => a - b)
  })
  say(`${view}: jump, ms, median / 95 % / longest`, [30, 57, 59].map((i) => seeks[i].toFixed(0)).join(' / '))
  const rates = await page.evaluate(async () => {
    const slider = document.getElementById('scrubber')
    const run = async (seconds, each) => {
      const [began, before] = [performance.now(), Number(document.body.dataset.pictures)]
      while (performance.now() - began < 1000 * seconds) {
        each((performance.now() - began) / 1000 / seconds)
        await new Promise(requestAnimationFrame)
      }
      return (Number(document.body.dataset.pictures) - before) / seconds
    }
    const scrub = await run(5, (share) => {
      slider.value = String(Math.floor(share * Number(slider.max)))
      slider.dispatchEvent(new Event('input'))
    })
    slider.value = '1000'
    slider.dispatchEvent(new Event('input'))
    document.getElementById('play').click()
    const play = await run(3, () => {})
    document.getElementById('play').click()
    return { scrub, play }
  })
  say(`${view}: pictures a second, scrubbing / playing`, `${rates.scrub.toFixed(0)} / ${rates.play.toFixed(0)}`)
}
const session = await page.context().newCDPSession(page)
await session.send('HeapProfiler.collectGarbage')
const { usedSize, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage')
say('memory of the tab (heap and buffers), MiB', ((usedSize + backingStorageSize) / 2 ** 20).toFixed(0))
const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
say('memory of the server at most, MiB', (Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024).toFixed(0))

await browser.close()
server.kill('SIGINT')
rmSync(directory, { recursive: true })
