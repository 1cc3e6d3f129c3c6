import type { Command } from 'commander'
import { Option } from 'commander'
import { confirmation, integer, metadata, names } from '../shared/arguments.js'
import type { ImportOptions } from './job.js'

const DETAILS = `
JSON lines hold one frame a line:
  {"frame": 0, "tracks": [{"fishId": 1, "centroid3d": [x, y, z] or null, "confidence": 0.9,
   "reprojectionResidual": 0.4, "nCameras": 2, "isConfirmed": true,
   "cameraDetections": {"cam01": 3}, "bboxes": {"cam01": [left, top, width, height]}}]}
and may begin with {"cameras": ["cam01", ...], "maxFish": 9, "metadata": {"fps": 30}}.
Of a fish only fishId must be there. NaN, as Python writes it, is null: not known. A key that occurs
twice is refused.

CSV holds one row per fish per frame, with the columns frame, id or fish_id, x, y, z (or x_cm, ...: the
unit becomes metadata) and, where there are, residual (or residual_px, ...), confidence, n_cameras,
confirmed, and for each camera {camera}_left, _top, _width, _height, {camera}_det_index. Comma,
semicolon, tab or |; with semicolons 1,5 is 1.5. An empty cell, NaN, NA, NULL and None mean: not known.
Frames without a row between the first and the last become empty rows of the file. The rows of a frame
stand together, unless --sort or --any-frame-order brings them together (in memory, up to 1 GiB).

The text is UTF-8, or UTF-16 with a byte order mark.

With --overwrite the new file is written as <output>.partial and takes the name when it is whole. Where the
input is wrong or a signal ends the import, the output is as it was, and the frames before that are in
<output>.partial.`

export function addImport(program: Command): void {
  program
    .command('import')
    .description('Write JSON lines or CSV into a tracking file.')
    .argument('<input>', 'file to read, or - for standard input')
    .argument('<output>', 'tracking file to write')
    .addOption(
      new Option('--format <format>', 'what the input is; default: seen from its content').choices(['jsonl', 'csv']),
    )
    .option('--cameras <names>', 'cameras in their order, with commas between them', names)
    .option('--max-fish <n>', "room for fish in a frame (default: the header's maxFish, else 9)", integer(1))
    .option('--chunk-frames <n>', 'frames per chunk (default: 1000)', integer(1))
    .option('--frame-offset <n>', 'number added to each frame number', integer(-Infinity), 0)
    .option('--metadata <name=value>', 'fact to record in the file, such as fps=60; may be repeated', metadata)
    .option('--overwrite', 'replace the output if it exists; it stays until the new file is whole', false)
    .option('--skip-missing', 'CSV: leave missing frames out instead of writing empty rows', false)
    .option('--drop-excess-fish', 'drop the highest ids of a frame with too many fish, and count them', false)
    .option('--ignore-unknown-cameras', 'ignore cameras that are not among the known ones, and count', false)
    .option('--refuse-fractional-boxes', 'refuse boxes with fractions instead of truncating and counting them', false)
    .option('--any-frame-order', 'accept frame numbers that do not increase (missing frames are then left out)', false)
    .option('--sort', 'CSV: put the rows in the order of their frames first, in memory', false)
    .option('--decimal-comma', 'CSV: read 1,5 as 1.5 also where cells are not separated by semicolons', false)
    .option(
      '--confirmed <rule>',
      'where the input does not say which fish are confirmed: all, none, or those in so many cameras (default: 2)',
      confirmation,
      2,
    )
    .addHelpText('after', DETAILS)
    .action(async (input: string, output: string, options: ImportOptions) => {
      const { importTracks } = await import('./run.js')
      await importTracks(input, output, options)
    })
}
