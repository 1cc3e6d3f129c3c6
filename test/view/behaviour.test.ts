import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { TrackingWriter } from 'h5tracks'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { closeBrowser, counted, drawn, listed, missing, pixels, screenshot, show, soon } from './browser.js'
import { poses, swimmer, tracking } from './recordings.js'

// The page of `h5tracks view` in a real browser: what keys and pointers do, videos, files that grow, and people who use other tools.

afterAll(closeBrowser)

const rowOf = (page: Page) => page.evaluate(() => Number(document.body.dataset.row))

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

describe.skipIf(missing)('the page', () => {
  test('steps, jumps, plays and changes speed by keys that it lists', async () => {
    const { page, problems } = await show(tracking({ frames: 600, fish: 2 }))
    await counted(page, 2)
    const goes = async (keys: string[], row: number) => {
      await press(page, ...keys)
      await drawn(page, row)
    }
    await goes(['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft'], 2)
    await goes(['Shift+ArrowRight'], 62)
    await goes(['End'], 599)
    await goes(['Shift+ArrowLeft'], 539)
    await goes(['Home'], 0)
    await press(page, ']', ']', ' ')
    expect(await page.locator('#speed').inputValue()).toBe('4')
    await page.waitForFunction(() => Number(document.body.dataset.row) > 30)
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(1)
    await press(page, ' ')
    const stopped = await page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      return document.body.dataset.row
    })
    expect(String(await rowOf(page))).toBe(stopped)
    await press(page, '?')
    expect(await page.getByRole('dialog').isVisible()).toBe(true)
    expect(await page.locator('#keys dt').count()).toBeGreaterThan(12)
    await screenshot(page, 'help')
    await press(page, 'ArrowRight')
    expect(String(await rowOf(page))).toBe(stopped)
    await press(page, 'Escape')
    await page.locator('#frame').fill('123')
    await goes(['Enter'], 123)
    expect(await page.locator('#clock').textContent()).toMatch(/^0:00:02\.050.*124 of 600.*60 fps$/)
    expect(problems).toEqual([])
  })

  test('zooms and moves the timeline by keys and wheel, says what it shows, and keeps the frame that is drawn in it', async () => {
    // The second fish is seen in the last quarter only.
    const isSeen = (fish: number, frame: number) => fish === 0 || frame >= 450
    const { page, problems } = await show(tracking({ frames: 600, fish: 2, isSeen }), {}, 'frame=300')
    await counted(page, 2)
    const range = page.locator('#range')
    const limits = () =>
      page.locator('#scrubber').evaluate(({ min, max }: HTMLInputElement) => [Number(min), Number(max)])
    const second = async () => (await pixels(page, Object.values(await listed(page)), 'coverage'))[1] as number
    expect([await range.isVisible(), await limits()]).toEqual([false, [0, 599]])
    const before = await second()
    await press(page, 'z', 'z')
    await expect.poll(limits, soon).toEqual([225, 374])
    expect(await range.textContent()).toBe('226 to 375  ·  0:00:03.750 to 0:00:06.233')
    expect(await second()).toBe(0)
    await press(page, '.', '.', '.', '.', '.', '.')
    await expect.poll(limits, soon).toEqual([450, 599])
    expect(await second()).toBeGreaterThan(2 * before)
    await press(page, 'Home')
    await expect.poll(limits, soon).toEqual([0, 149])
    await drawn(page, 0)
    await screenshot(page, 'zoomed')
    await range.click()
    await expect.poll(limits, soon).toEqual([0, 599])
    expect(await second()).toBe(before)

    const box = (await page.locator('#coverage').boundingBox())!
    await page.mouse.move(box.x + box.width - 9, box.y + 10)
    await page.mouse.wheel(0, -400)
    await expect.poll(async () => (await limits())[0], soon).toBeGreaterThan(440)
    const [start, stop] = (await limits()) as [number, number]
    expect(stop - start).toBe(149)
    await page.mouse.wheel(-1000, 0)
    await expect.poll(limits, soon).toEqual([start - 150, stop - 150])
    await page.mouse.click(box.x + 9, box.y + 10)
    await drawn(page, start - 150)
    await press(page, 'Z', 'Z', 'Z')
    await expect.poll(limits, soon).toEqual([0, 599])
    expect(await range.isVisible()).toBe(false)
    // The test reads pixels.
    expect(problems.filter((text) => !text.includes('getImageData'))).toEqual([])
  })

  test('jumps to gaps, of any animal or of the one that is followed', async () => {
    const isSeen = (fish: number, frame: number) => frame < 100 + 100 * fish || frame > 110 + 100 * fish
    const { page } = await show(tracking({ frames: 600, fish: 3, isSeen }))
    await counted(page, 3)
    const rows = [100, 200, 300]
    for (const row of rows) {
      await press(page, 'g')
      await drawn(page, row)
    }
    await press(page, 'g')
    await expect.poll(() => page.locator('#problem').textContent(), soon).toBe('No later gap.')
    await press(page, 'G')
    await drawn(page, 200)
    await page.locator('#animals button').first().click()
    await press(page, 'Home', 'g')
    await drawn(page, 100)
    expect(await page.locator('#follow').inputValue()).toBe('0')
    await press(page, 'g')
    await expect.poll(() => page.locator('#problem').textContent(), soon).toBe('No later gap of fish 0.')
  })

  test('follows the animal that is clicked, and keeps it in the middle', async () => {
    const { page } = await show(tracking({ frames: 300, fish: 9, cameras: ['top'] }), {}, 'view=top')
    await counted(page, 9)
    const box = (await page.locator('#picture').boundingBox())!
    const colour = Object.values(await listed(page))[8]!
    const place = () =>
      page.evaluate((wanted) => {
        const canvas = document.getElementById('picture') as HTMLCanvasElement
        const { data, width } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        const rgb = [...wanted.matchAll(/\d+/g)].map(Number)
        let [x, y, n] = [0, 0, 0]
        for (let at = 0; at < data.length; at += 4) {
          if (!rgb.every((value, i) => data[at + i] === value) || data[at + 3] !== 255) continue
          x += (at / 4) % width
          y += Math.floor(at / 4 / width)
          n++
        }
        return { x: x / n, y: y / n }
      }, colour)
    const before = await place()
    await page.mouse.click(box.x + before.x, box.y + before.y)
    expect(await page.locator('#follow').inputValue()).toBe('8')
    for (const key of ['ArrowRight', 'Shift+ArrowRight']) {
      await press(page, key)
      await expect.poll(async () => Math.abs((await place()).x - box.width / 2), soon).toBeLessThan(6)
      expect(Math.abs((await place()).y - box.height / 2)).toBeLessThan(6)
    }
    await press(page, 'Escape')
    await expect.poll(() => page.locator('#follow').inputValue(), soon).toBe('')
  })

  test('seeks where the timeline and the slider are pressed, turns and zooms the picture, and shows everything again', async () => {
    const { page } = await show(tracking({ frames: 1001, fish: 3 }))
    await counted(page, 3)
    const bars = (await page.locator('#coverage').boundingBox())!
    await page.mouse.click(bars.x + bars.width / 2, bars.y + 20)
    await expect.poll(() => rowOf(page), soon).toBeGreaterThan(495)
    expect(await rowOf(page)).toBeLessThan(505)
    const slider = (await page.locator('#scrubber').boundingBox())!
    await page.mouse.click(slider.x + slider.width - 8, slider.y + 10)
    await drawn(page, 1000)
    const data = () => page.evaluate(() => (document.getElementById('picture') as HTMLCanvasElement).toDataURL())
    const before = await data()
    const picture = (await page.locator('#picture').boundingBox())!
    await page.mouse.move(picture.x + 300, picture.y + 200)
    await page.mouse.down()
    await page.mouse.move(picture.x + 420, picture.y + 230, { steps: 3 })
    await page.mouse.up()
    await expect.poll(data, soon).not.toBe(before)
    await press(page, '+')
    await press(page, 'r')
    await expect.poll(data, soon).toBe(before)
  })

  test('draws what has little confidence as pale, unless it is told not to', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, [], { metadata: { tank_size: [200, 100, 60] } })
    writer.writeFrame(0, [swimmer(1, 0), { ...swimmer(2, 0), confidence: 0.1 }])
    await writer.close()
    const { page } = await show(path)
    await counted(page, 2)
    const colours = Object.values(await listed(page))
    const [sure, unsure] = await pixels(page, colours)
    expect(sure).toBeGreaterThan(20)
    expect(unsure).toBe(0)
    await press(page, 'c')
    await expect.poll(async () => (await pixels(page, colours))[1], soon).toBeGreaterThan(20)
  })

  test('shows the frame of a video under the picture of its camera, also while it plays', async () => {
    const path = tracking({ frames: 30, fish: 3, cameras: ['top'], fps: 10 })
    const video = fileURLToPath(new URL('levels.webm', import.meta.url))
    const { page, problems } = await show(path, { videos: { top: video } }, 'view=top')
    await counted(page, 3)
    // Frame n of the video has the luminance 20 + 7 n.
    const level = () =>
      page.evaluate(() => {
        const shown = document.getElementById('video') as HTMLVideoElement
        if (shown.readyState < 2 || shown.seeking) return -1
        const canvas = document.createElement('canvas')
        const context = canvas.getContext('2d')!
        context.drawImage(shown, 0, 0, 4, 4)
        return ((context.getImageData(1, 1, 1, 1).data[0]! * 219) / 255 + 16 - 20) / 7
      })
    for (const row of [12, 29, 3]) {
      await page.locator('#frame').fill(String(row))
      await press(page, 'Enter')
      await drawn(page, row)
      await expect.poll(async () => Math.abs((await level()) - row), soon).toBeLessThan(0.6)
    }
    await screenshot(page, 'video')
    await press(page, ' ')
    await page.waitForFunction(() => Number(document.body.dataset.row) > 8)
    await press(page, ' ')
    const row = await rowOf(page)
    await expect.poll(async () => Math.abs((await level()) - (await rowOf(page))), soon).toBeLessThan(0.6)
    expect(row).toBeLessThan(30)
    const size = await page.locator('#video').boundingBox()
    expect(size!.width / size!.height).toBeCloseTo(64 / 48, 1)
    expect(problems).toEqual([])
  })

  test('follows a file that grows, at its end, until its writer closes it', async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, [], { maxFish: 3, metadata: { tank_size: [200, 100, 60] } })
    const write = (from: number, to: number) => {
      for (let frame = from; frame < to; frame++)
        writer.writeFrame(
          frame,
          [0, 1, 2].map((id) => swimmer(id, frame)),
        )
    }
    write(0, 100)
    const { page } = await show(path)
    await drawn(page, 99)
    expect(await page.locator('#live').isVisible()).toBe(true)
    write(100, 250)
    await drawn(page, 249)
    await counted(page, 3)
    for (const count of await pixels(page, Object.values(await listed(page)))) expect(count).toBeGreaterThan(20)
    await screenshot(page, 'live')
    // Who looks at an earlier frame stays there.
    await press(page, 'ArrowLeft')
    await drawn(page, 248)
    write(250, 300)
    await page.waitForFunction(() => (document.getElementById('scrubber') as HTMLInputElement).max === '299')
    expect(await rowOf(page)).toBe(248)
    await writer.close()
    await expect.poll(() => page.locator('#live').isVisible(), soon).toBe(false)
    await press(page, 'End')
    await drawn(page, 299)
  })

  test('says so when the server has ended', async () => {
    const { page, served } = await show(tracking({ frames: 3000, fish: 2 }))
    await served.close()
    await press(page, 'End')
    await expect
      .poll(() => page.locator('#problem').textContent())
      .toBe('The server does not answer: h5tracks view has ended.')
  })

  test('is accessible: axe finds nothing', async () => {
    const { page } = await show(poses(50, 3))
    await counted(page, 3)
    await page.evaluate(() => document.getElementById('play')?.focus())
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
    const check = async () => {
      const { violations } = await page.evaluate(() =>
        (
          globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
          }
        ).axe.run(),
      )
      return violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))
    }
    await page.evaluate(readFileSync(axe, 'utf8'))
    expect(await check()).toEqual([])
    await press(page, '?')
    expect(await check()).toEqual([])
  })
})
