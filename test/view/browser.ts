/// <reference lib="dom" preserve="true" />
/** The page in a real browser: Debian's chromium, driven by playwright-core. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type View, type ViewOptions, view } from 'h5tracks/view'
import { type Browser, chromium, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

/** Why these tests do not run; null if they do. */
export const missing = executablePath ? null : 'no chromium: apt-get install chromium'
if (missing) console.log(`the tests of the page are skipped: ${missing}`)

let browser: Promise<Browser> | undefined

/** The browser of a test file. It draws in software. */
export function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: executablePath as string,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-color-profile=srgb'],
  })
  return browser
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
}

/** A page that shows a file, in a tab of its own. `problems` collects what the browser complains about. */
export interface Shown {
  page: Page
  served: View
  problems: string[]
}

/** Serves a file and opens its page, at a place such as `frame=7`. Both are closed after the test. */
export async function show(path: string, options: ViewOptions = {}, place = ''): Promise<Shown> {
  const served = await view(path, options)
  onTestFinished(() => served.close())
  const page = await (await theBrowser()).newPage({ viewport: { width: 1200, height: 800 } })
  onTestFinished(() => page.close())
  const problems: string[] = []
  page.on('console', (message) => problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(place ? `${served.url}#${place}` : served.url)
  await drawn(page)
  return { page, served, problems }
}

/** Waits until a frame is in the picture: the one in this row, or any. */
export async function drawn(page: Page, row?: number): Promise<void> {
  const is = (wanted: string | null) =>
    document.body.dataset.row !== '' && (wanted ?? document.body.dataset.row) === document.body.dataset.row
  await page.waitForFunction(is, row === undefined ? null : String(row), { timeout: 60_000 })
}

/** Waits until the timeline shows all frames. */
export async function counted(page: Page, animals: number): Promise<void> {
  await page.waitForFunction((n) => document.querySelectorAll('#animals li').length === n, animals, { timeout: 60_000 })
}

/** The colour of each animal in the list, by its name. */
export function listed(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('#animals li')].map((item) => [
        item.querySelector('b')?.textContent,
        getComputedStyle(item.querySelector('i') as Element).backgroundColor,
      ]),
    ),
  )
}

/** Number of pixels of each of these colours in the picture. */
export function pixels(page: Page, colours: readonly string[], canvas = 'picture'): Promise<number[]> {
  return page.evaluate(
    ([id, wanted]) => {
      const { width, height } = document.getElementById(id) as HTMLCanvasElement
      const context = (document.getElementById(id) as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D
      const counts = new Map<number, number>()
      const data = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
      for (const colour of data) counts.set(colour, (counts.get(colour) ?? 0) + 1)
      return wanted.map((colour) => {
        const [r, g, b] = [...colour.matchAll(/\d+/g)].map(Number) as [number, number, number]
        return counts.get(((255 << 24) | (b << 16) | (g << 8) | r) >>> 0) ?? 0
      })
    },
    [canvas, colours] as const,
  )
}

/** Keeps a screenshot for people, if a folder for them is named. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.H5TRACKS_SCREENSHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** How `expect.poll` waits for what will be true soon, on a busy machine too. */
export const soon = { timeout: 30_000, interval: 30 }
