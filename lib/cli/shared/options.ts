/** Options that several commands have. Each call makes one, because a command keeps its own. */
import { Option } from 'commander'
import { columns, delimiter } from './arguments.js'

/** `--columns`, `--delimiter`, `--decimal` and `--groups`: how a table of text is read. */
export const columnsOption = () =>
  new Option(
    '--columns <columns>',
    'tables of text: frame=Frame,id=track_id,x=pos_x, or frame,id,x,y without a header',
  ).argParser(columns)
export const delimiterOption = () =>
  new Option('--delimiter <character>', 'tables of text: what separates cells (default: detected)').argParser(delimiter)
export const decimalOption = () =>
  new Option('--decimal <mark>', 'tables of text: the decimal mark').choices(['.', ','])
export const groupsOption = () =>
  new Option('--groups <what>', 'tables of text: what columns such as a_x, a_y are').choices(['animals', 'keypoints'])

/** `--metadata`, of commands that make one output of several files. */
export const metadataOption = (first = 'keep those of the first file') =>
  new Option('--metadata <which>', `same: the metadata must be equal in all files; first: ${first}`)
    .choices(['same', 'first'])
    .default('same')

/** `--frame-order`, of commands that make one output of several files. */
export const frameOrderOption = () =>
  new Option('--frame-order <order>', 'the order that frame indices must have')
    .choices(['increasing', 'any'])
    .default('increasing')
