import { afterAll, describe, expect, test } from 'vitest'
import { h5py } from '../support/python.js'
import { closeBrowser, counted, drawn, listed, missing, pixels, screenshot, show, soon } from './browser.js'
import { midlines, plain, poses, posesOfCameras, tracking } from './recordings.js'

// The page of `h5tracks view` in a real browser: what it draws of each kind of layout.

afterAll(closeBrowser)

describe.skipIf(missing)('the page', () => {
  test('shows fish in 3D: a dot of the colour of each fish, and its tank', async () => {
    const { page, problems } = await show(
      tracking({ frames: 300, fish: 9, cameras: ['top', 'front'] }),
      {},
      'frame=150',
    )
    await counted(page, 9)
    const colours = Object.values(await listed(page))
    expect(new Set(colours).size).toBe(9)
    for (const count of await pixels(page, colours)) expect(count).toBeGreaterThan(20)
    await screenshot(page, '3d')
    expect(problems).toEqual([])
  })

  test('shows the boxes of each fish in the image of a camera', async () => {
    const { page, problems } = await show(
      tracking({ frames: 300, fish: 9, cameras: ['top', 'front'] }),
      {},
      'frame=150&view=front',
    )
    await counted(page, 9)
    for (const count of await pixels(page, Object.values(await listed(page)))) expect(count).toBeGreaterThan(40)
    await screenshot(page, '2d')
    expect(problems).toEqual([])
  })

  test('shows the keypoints and the skeleton of each animal with its name', async () => {
    const { page } = await show(poses(300, 3), {}, 'frame=60')
    await counted(page, 3)
    const animals = await listed(page)
    expect(Object.keys(animals)).toEqual(['anna', 'bert', 'carl'])
    const all = await pixels(page, Object.values(animals))
    for (const count of all) expect(count).toBeGreaterThan(120)
    await screenshot(page, 'keypoints')
    await page.keyboard.press('k')
    await expect.poll(async () => (await pixels(page, Object.values(animals)))[0], soon).toBeLessThan(all[0]! - 20)
  })

  test('shows keypoints in space and in the images of cameras', async () => {
    const { page } = await show(posesOfCameras(200), {}, 'frame=50')
    await counted(page, 2)
    const colours = Object.values(await listed(page))
    const views = await page.locator('#views button').allTextContents()
    expect(views).toEqual(['3D', 'left', 'right'])
    for (const view of views) {
      await page.getByRole('button', { name: view, exact: true }).click()
      await drawn(page, 50)
      for (const count of await pixels(page, colours)) expect(count).toBeGreaterThan(50)
      await screenshot(page, `poses-${view}`)
    }
  })

  test('shows the splines of midlines', async () => {
    const { page } = await show(midlines(100, 4), {}, 'frame=40')
    await counted(page, 4)
    for (const count of await pixels(page, Object.values(await listed(page)))) expect(count).toBeGreaterThan(50)
    await screenshot(page, 'midlines')
  })

  test('shows 30 animals, each in a colour of its own', async () => {
    const { page } = await show(
      tracking({ frames: 400, fish: 30, isSeen: (fish, frame) => (frame + 13 * fish) % 300 > 20 }),
      {},
      'frame=350',
    )
    await counted(page, 30)
    const colours = Object.values(await listed(page))
    expect(new Set(colours).size).toBe(30)
    expect((await pixels(page, colours)).filter((count) => count > 8).length).toBeGreaterThanOrEqual(27)
    for (const count of await pixels(page, colours.slice(0, 9), 'coverage')) expect(count).toBeGreaterThan(500)
    await screenshot(page, '30-animals')
  })

  test('opens with the first view that shows something', async () => {
    const path = tracking({ frames: 40, fish: 2, cameras: ['top', 'side'] })
    await h5py(path, 'r+', 'f["tracking/centroid_3d"][:] = np.nan; f["tracking/bboxes/top"][:] = -1')
    const { page } = await show(path)
    await counted(page, 2)
    await expect.poll(() => page.locator('#views [aria-pressed=true]').textContent(), soon).toBe('side')
    await expect
      .poll(async () => Math.min(...(await pixels(page, Object.values(await listed(page))))), soon)
      .toBeGreaterThan(40)
  })

  test('shows a layout whose frames are one record, with x and y in fields of their own', async () => {
    const { page } = await show(plain(100), {}, 'frame=40')
    await counted(page, 1)
    expect(await listed(page)).toEqual({ 'mouse 0': 'rgb(76, 201, 240)' })
    expect((await pixels(page, ['rgb(76, 201, 240)']))[0]).toBeGreaterThan(60)
    await screenshot(page, 'plain')
  })
})
