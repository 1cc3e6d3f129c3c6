/// <reference types="node" preserve="true" />
/** `h5tracks/view`: a page on this machine that shows a recording. */
export type { ViewOptions } from './options.js'
export { type View, view } from './view.js'
