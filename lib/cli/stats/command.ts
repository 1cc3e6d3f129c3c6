/** The command `stats`: its arguments, options and help. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { acceptLoss, frameIndex, ids, layoutOption } from '../shared/arguments.js'

const DETAILS = `
For each animal: the frames in which its position is known, their share of all frames (missing ones included),
gaps, the distance and the speed. Distance adds up the straight lines between positions in successive frames;
nothing is added across a gap, and noise of the positions makes it longer. Speeds are per second if the frame
rate is known (the attribute fps, or --fps), else per frame. CSV and JSON have full precision.`

interface StatsFlags {
  start?: bigint
  stop?: bigint
  animals?: number[]
  camera?: string
  layout?: string
  field?: string
  node?: string
  fps?: number
  format: 'table' | 'csv' | 'json'
  json?: boolean
  csv?: boolean
  acceptLoss: boolean
}

function rate(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('Not a number above 0.')
  return value
}

export function addStats(program: Command): void {
  program
    .command('stats')
    .description('Measure each animal: distance, speed, gaps and coverage, as a table, CSV or JSON.')
    .argument('<file>', 'file of any layout')
    .option('--start <frame>', 'index of the first frame to measure', frameIndex)
    .option('--stop <frame>', 'index of the frame after the last one to measure', frameIndex)
    .option('--fish, --animals <ids>', 'ids of the animals to measure: 1,2,5-8 (default: all)', ids)
    .option('--camera <name>', 'measure the positions in the image of this camera')
    .option(...layoutOption('the layout to measure, if the file has several'))
    .option('--field <name>', 'the field with the positions, if the layout has several')
    .option('--node <name>', 'the keypoint to measure, by name or number (default: the mean)')
    .option('--fps <rate>', 'frames per second (default: the attribute fps of the file)', rate)
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'csv', 'json']).default('table'))
    .option('--csv', 'short for --format csv')
    .option('--json', 'short for --format json')
    .option(...acceptLoss)
    .addHelpText('after', DETAILS)
    .action(async (file: string, { json, csv, format, ...options }: StatsFlags) => {
      const [{ stats }, { interruption }, { statsText }, { print }] = await Promise.all([
        import('../../edit/stats.js'),
        import('../shared/exit.js'),
        import('./text.js'),
        import('../shared/terminal.js'),
      ])
      const report = await stats(file, { ...options, signal: interruption })
      print(statsText(report, json ? 'json' : csv ? 'csv' : format))
    })
}
