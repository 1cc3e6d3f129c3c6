/** The names of pandas' columns. */
import type { ForeignFile } from '../poses/input.js'
import type { ColumnLabels } from './columns.js'

/** The levels of a column, from the outermost in. */
export type Levels = readonly string[]

/** The labels of columns, whose levels have these names. */
export function labelled(
  input: ForeignFile,
  key: string,
  names: readonly (string | null)[],
  columns: readonly Levels[],
): ColumnLabels[] {
  const at = (name: string) => names.indexOf(name)
  const places = { scorer: at('scorer'), individual: at('individuals'), bodypart: at('bodyparts'), coord: at('coords') }
  // Some programs write no names of levels; then their order says which they are.
  const unnamed = names.every((name) => name === null)
  if (unnamed && (names.length === 3 || names.length === 4)) {
    Object.assign(places, {
      scorer: 0,
      individual: names.length === 4 ? 1 : -1,
      bodypart: names.length - 2,
      coord: names.length - 1,
    })
  }
  if (places.bodypart === -1 || places.coord === -1) {
    throw input.problem(
      key,
      `has columns with the levels ${names.join(', ')}, not bodyparts and coords`,
      'is it a table of DeepLabCut?',
    )
  }
  return columns.map((levels) => ({
    scorer: levels[places.scorer] ?? '',
    individual: places.individual === -1 ? undefined : (levels[places.individual] ?? ''),
    bodypart: levels[places.bodypart] ?? '',
    coord: levels[places.coord] ?? '',
  }))
}

export const newerRemedy =
  "load it with pandas and write it again as CSV, or with DataFrame.to_hdf(..., format='table') of a DataFrame whose columns are texts"
