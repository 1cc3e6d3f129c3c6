/** What the server tells the page of a file, as JSON. */

/** A file and its layouts. */
export interface FileDescription {
  /** Name of the file, without its folder. */
  readonly name: string
  readonly layouts: readonly string[]
  /** The layout that is shown first. */
  readonly first: string
}

/** How far a file has got. */
export interface FileState {
  /** Number of frames of the layout. */
  readonly frames: number
  /** Number of frames that the coverage counts. */
  readonly scanned: number
  /** A writer is writing the file. */
  readonly live: boolean
  /** Why no more frames will come, or why the coverage is incomplete. */
  readonly problem: string | null
}

/** A layout of the file. */
export interface LayoutDescription extends FileState {
  readonly name: string
  /** Number of animals that a frame can hold. */
  readonly slots: number
  /** What an animal is called: 'fish'. */
  readonly noun: string
  /** Names of animals, by id. */
  readonly names: readonly string[]
  /** Frames per second; null if the file does not say. */
  readonly fps: number | null
  /** Windows hold the time of each frame. */
  readonly hasTime: boolean
  readonly views: readonly ViewDescription[]
}

/** A place in which animals are drawn: space, the image of a camera, or the plane of 2D positions. */
export interface ViewDescription {
  readonly title: string
  readonly dimensions: 2 | 3
  /** y grows downwards, as in images. */
  readonly down: boolean
  readonly unit: string | null
  /** Length, width and depth of the tank, or width and height of the image. One corner is the origin. */
  readonly size: readonly number[] | null
  /** Address of a video, relative to the page. */
  readonly video: string | null
  readonly parts: readonly PartDescription[]
  /** Number of frames in a window. Windows begin at its multiples. */
  readonly windowFrames: number
}

/** The ranges of the positions of a view in some of the frames, along x and y, and z in 3 dimensions. */
export type Bounds = readonly (readonly [from: number, to: number])[]

/** What is drawn of an animal. */
export interface PartDescription {
  readonly kind: 'points' | 'box'
  readonly name: string
  /** Number of points of an animal; 1 for a box. */
  readonly points: number
  /** Pairs of points that lines join. */
  readonly edges: readonly (readonly [number, number])[]
  /** Names of the points. */
  readonly labels: readonly string[]
  /** Windows hold a confidence of each point. */
  readonly hasConfidence: boolean
}

/** The next frame at which an animal is lost. */
export interface Gap {
  /** Row of the frame; null if there is none. */
  readonly row: number | null
  readonly id: number | null
}
