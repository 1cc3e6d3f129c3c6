#!/usr/bin/env node
/** The command line `h5tracks`. The code of a command, and the packages that only it needs, are loaded when it runs. */
import { Command } from 'commander'
import { addCheck } from './check/command.js'
import { addConcat } from './concat/command.js'
import { addConvert } from './convert/command.js'
import { addCut } from './cut/command.js'
import { addDemo } from './demo/command.js'
import { addExport } from './export/command.js'
import { addImport } from './import/command.js'
import { addInfo } from './info/command.js'
import { addJoin } from './join/command.js'
import { addPlot } from './plot/command.js'
import { addPublish } from './publish/command.js'
import { addRecover } from './recover/command.js'
import { addReferences } from './references/command.js'
import { addRuns } from './runs/command.js'
import { run } from './shared/exit.js'
import { addStats } from './stats/command.js'
import { addSwapIds } from './swap-ids/command.js'
import { addTail } from './tail/command.js'
import { addView } from './view/command.js'
import { addVirtual } from './virtual/command.js'

class VersionRequested extends Error {}

const program = new Command('h5tracks')
  .description('Write multi-camera animal-tracking results to HDF5 files, and read them back.')
  .option('-V, --version', 'print the versions of h5tracks, HDF5 and Node, the filters and the codec')
  .helpOption('-h, --help', 'print help for h5tracks or for a command')
  .helpCommand(false)
  .on('option:version', () => {
    throw new VersionRequested()
  })
  .exitOverride()
  .showHelpAfterError('(--help lists the commands and options)')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'h5tracks: ')) })

addCheck(program)
addConcat(program)
addConvert(program)
addCut(program)
addDemo(program)
addExport(program)
addImport(program)
addInfo(program)
addJoin(program)
addPlot(program)
addPublish(program)
addRecover(program)
addReferences(program)
addRuns(program)
addStats(program)
addSwapIds(program)
addTail(program)
addView(program)
addVirtual(program)

await run(async () => {
  try {
    await program.parseAsync()
  } catch (error) {
    if (!(error instanceof VersionRequested)) throw error
    const { printVersions } = await import('./shared/version.js')
    printVersions()
  }
})
