import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { draw } from './draw.js'
import { readTraces } from './traces.js'

/**
 * Draws a tracking file into an SVG file, replacing what is there.
 *
 * @throws Failure when the file holds no positions
 */
export async function drawTrajectories(file: string, picture: string, title = basename(file)): Promise<void> {
  await writeFile(picture, draw(await readTraces(file), title))
}
