/** Chooses a colour for each fish. */

/** Ten colours that are easy to distinguish. More fish get hues spread evenly over the colour circle. */
const PALETTE = [
  '#4269d0',
  '#efb118',
  '#ff725c',
  '#3ca951',
  '#6cc5b0',
  '#a463f2',
  '#ff8ab7',
  '#9c6b4e',
  '#97bbf5',
  '#8a94a0',
]

export type ColourOf = (fishId: number) => string

export function colours(ids: readonly number[]): ColourOf {
  const many = ids.length > PALETTE.length
  const byId = new Map(
    ids.map((id, i) => [id, many ? `hsl(${((360 * i) / ids.length).toFixed(0)},60%,46%)` : PALETTE[i]!]),
  )
  return (id) => byId.get(id)!
}
