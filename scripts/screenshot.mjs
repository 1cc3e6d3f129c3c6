// Makes docs/view.png, the picture of the page of `h5tracks view`, from a simulated recording in which fish are lost now and then.
// Needs chromium: node scripts/screenshot.mjs
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { TrackingReader, TrackingWriter } from '../dist/library/index.js'
import { view } from '../dist/library/view.js'
import { root } from './bundle.mjs'

const picture = join(root, 'docs/view.png')
const directory = mkdtempSync(join(tmpdir(), 'h5tracks-screenshot-'))
const whole = join(directory, 'whole.h5')
const file = join(directory, 'run.h5')

const command = join(root, 'dist/command/h5tracks.js')
const demo = spawnSync(process.execPath, [command, 'demo', whole, '--frames', '5400', '--cameras', '13'], {
  encoding: 'utf8',
})
if (demo.status !== 0) throw new Error(demo.stderr)

/** A fish is lost for a while, every time at another interval. */
const isLost = (fish, frame) => (frame + 311 * fish) % (900 + 170 * fish) < 30 * (fish % 5)

const reader = new TrackingReader(whole)
const { cameraNames, metadata } = reader
const { fps, tank_size, position_units } = metadata
const writer = new TrackingWriter(file, cameraNames, {
  maxFish: 9,
  metadata: { fps, tank_size: [...tank_size], position_units },
})
for await (const { frameIndex, tracks } of reader.frames()) {
  const kept = tracks.filter(({ fishId }) => !isLost(fishId, frameIndex))
  if (!writer.writeFrame(frameIndex, kept)) await writer.drain()
}
await writer.close()
reader.close()

const served = await view(file)
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport: { width: 1120, height: 720 } })
await page.goto(`${served.url}#frame=3000`)
await page.waitForFunction(() => document.querySelectorAll('#animals li').length === 9)
for (let i = 0; i < 4; i++) await page.keyboard.press('f')
await page.waitForFunction(() => document.body.dataset.row === '3000' && document.body.dataset.scanned === '5400')
await page.waitForTimeout(1500)
await page.screenshot({ path: picture })
await browser.close()
await served.close()
rmSync(directory, { recursive: true })
