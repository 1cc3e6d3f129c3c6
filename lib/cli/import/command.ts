/** The command `import`: its arguments, options and help. */
import type { Command } from 'commander'
import { confirmation, integer, metadata, names, positive } from '../shared/arguments.js'
import { columnsOption, decimalOption, delimiterOption, groupsOption } from '../shared/options.js'
import type { ImportOptions } from './job.js'

const DETAILS = `
JSON lines hold one frame a line:
  {"frame": 0, "tracks": [{"fishId": 1, "centroid3d": [x, y, z] or null, "confidence": 0.9,
   "reprojectionResidual": 0.4, "nCameras": 2, "isConfirmed": true,
   "cameraDetections": {"cam01": 3}, "bboxes": {"cam01": [left, top, width, height]}}]}
A first line may hold {"cameras": ["cam01", ...], "maxFish": 9, "metadata": {"fps": 30}}.
Only fishId is required for a fish. null, and NaN as Python writes it, mean: not known. An object that has
the same key twice is refused.

CSV holds one row per fish per frame. The columns are frame, id or fish_id, x, y, z (or x_cm, ...: the
unit becomes metadata) and optionally residual (or residual_px, ...), confidence, n_cameras, confirmed,
and for each camera {camera}_left, _top, _width, _height, {camera}_det_index. Cells are separated by
commas, semicolons, tabs or |; with semicolons, 1,5 is read as 1.5. An empty cell, NaN, NA, NULL and
None mean: not known. A frame number that is missing between the first and the last becomes an empty row
of the file. Rows may be in any order: they are sorted by frame, in bounded memory. A frame has as many slots
as the fullest one needs, unless --max-fish says how many.

The text is UTF-8, or UTF-16 with a byte order mark.

Other tables of text are taken as well: columns under other names and in any case (Frame, track_id, particle,
pos_x), positions in two dimensions, boxes with fractions, keypoints, ids that are names, rows in any order, a
group of columns for each animal, gzip and zstd. So are the files of other programs (h5tracks convert --list),
and JSON lines of any layout, as h5tracks tail --json prints them. What is guessed or cannot be kept is printed.
Animals in space become a tracking file, others a file of their own layout.

The file is written as <output>.partial and takes its name when it is complete; if something is wrong, nothing
is left. Only JSON lines of tracks, which may come from a tracker, are written under the name of the output at
once (with --overwrite, as <output>.partial): if the input is wrong or a signal stops the import, the frames
that were accepted are kept, and an old output stays as it was.`

export function addImport(program: Command): void {
  program
    .command('import')
    .description('Convert a file of another program, CSV or JSON lines into an h5tracks file.')
    .argument('<input>', 'file to read, or - for standard input')
    .argument('<output>', 'file to write')
    .option('--format <format>', 'format of the input (default: detected from its content; h5tracks convert --list)')
    .addOption(columnsOption())
    .addOption(delimiterOption())
    .addOption(decimalOption())
    .addOption(groupsOption())
    .option('--fps <n>', 'frames per second, for inputs that do not say', positive)
    .option('--cameras <names>', 'names of the cameras in their order, separated by commas', names)
    .option(
      '--max-fish <n>',
      "slots for fish in a frame (default: as many as are needed; JSON lines of tracks: the header's maxFish, else 9)",
      integer(1),
    )
    .option('--chunk-frames <n>', 'frames per chunk (default: 1000)', integer(1))
    .option('--frame-offset <n>', 'number to add to each frame number', integer(-Infinity), 0)
    .option('--metadata <name=value>', 'metadata to store in the file, such as fps=60; may be repeated', metadata)
    .option('--small', 'compress the output as much as possible, which is slow', false)
    .option('--overwrite', 'replace the output if it exists; it stays until the new file is complete', false)
    .option('--skip-missing', 'CSV: leave missing frames out instead of writing empty rows', false)
    .option('--drop-excess-fish', 'drop the highest ids of a frame with too many fish, and count them', false)
    .option('--ignore-unknown-cameras', 'ignore the detections of unknown cameras, and count them', false)
    .option('--refuse-fractional-boxes', 'refuse boxes with fractions instead of truncating and counting them', false)
    .option('--any-frame-order', 'accept frame numbers that do not increase (missing frames are then left out)', false)
    .option('--sort', 'CSV: sort the rows by frame at once, without looking whether they are in order', false)
    .option('--decimal-comma', 'CSV: read 1,5 as 1.5 even if cells are not separated by semicolons', false)
    .option(
      '--confirmed <rule>',
      'which fish are confirmed if the input does not say: all, none, or those seen by this many cameras',
      confirmation,
      2,
    )
    .addHelpText('after', DETAILS)
    .action(async (input: string, output: string, options: ImportOptions) => {
      const { importTracks } = await import('./run.js')
      await importTracks(input, output, options)
    })
}
