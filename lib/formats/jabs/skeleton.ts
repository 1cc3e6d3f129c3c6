/** The skeleton of JABS' mice. */

export const mouseNodes = [
  ...['nose', 'left_ear', 'right_ear', 'base_neck', 'left_front_paw', 'right_front_paw'],
  ...['center_spine', 'left_rear_paw', 'right_rear_paw', 'base_tail', 'mid_tail', 'tip_tail'],
] as const

export const mouseEdges: readonly (readonly [number, number])[] = [
  [4, 6],
  [6, 5],
  [7, 9],
  [9, 8],
  [0, 3],
  [3, 6],
  [6, 9],
  [9, 10],
  [10, 11],
]
