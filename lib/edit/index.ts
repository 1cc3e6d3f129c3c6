/// <reference types="node" preserve="true" />
/**
 * `h5tracks/edit`: changed copies of recordings, and what is in them. An edit writes a new file; everything that it does not change is kept:
 * frame indices, metadata, attributes, other objects.
 */

export type { IndexRange } from '../positions/frame-range.js'
export type { CourseStats } from './course.js'
export { type CutOptions, type CutReport, cut } from './cut.js'
export type { EditedLayout } from './edit-file.js'
export { type JoinedPart, type JoinOptions, type JoinReport, join } from './join.js'
export type { Offset } from './join-survey.js'
export type { EditOptions, EditProgress, LayoutOption } from './options.js'
export { type AnimalStats, type StatsOptions, type StatsReport, stats } from './stats.js'
export { type SwapOptions, type SwapReport, swapIds } from './swap-ids.js'
