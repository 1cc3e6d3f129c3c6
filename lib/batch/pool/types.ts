/** The types of `runPool`. */

/** An attempt at a recording. */
export interface Attempt {
  /** From 1. */
  readonly attempt: number
  /** Aborts when the pool is cancelled. Pass it to `openRun`. */
  readonly signal: AbortSignal
}

/** What is done with a recording. It fails if the function throws or rejects. */
export type Work<R> = (recording: R, attempt: Attempt) => unknown

/** A report of the pool: an attempt began or ended, or more of its frames count. */
export interface PoolProgress<R> {
  recording: R
  /** 'frames': more frames of the recording count. 'retry': the attempt failed, and another one will follow. The others as in PoolResult. */
  state: 'started' | 'frames' | 'retry' | 'done' | 'dead' | 'fenced'
  attempt: number
  /** Number of frames of the recording's runs that count. */
  frames: number
  /** The error of the attempt, with 'retry', 'dead' and 'fenced'. */
  error?: Error
  /** Number of recordings that are finished, and of all. */
  finished: number
  total: number
}

/** A recording whose attempts all failed. */
export interface DeadRecording<R> {
  recording: R
  attempts: number
  /** The error of the last attempt. */
  error: Error
  /** The runs in whose log the error was recorded: those in folders and buckets that the attempts had opened. */
  runs: string[]
}

/** What became of the recordings. */
export interface PoolResult<R> {
  done: R[]
  dead: DeadRecording<R>[]
  /** Recordings whose run was claimed by an attempt of another program, which goes on with it. They are not tried again. */
  fenced: R[]
}

/** Options of `runPool`. */
export interface PoolOptions<R> {
  /** Number of recordings that are processed at the same time. Default: the number of cores. */
  workers?: number
  /** Number of attempts at a recording before it is given up. Default: 3. */
  attempts?: number
  onProgress?: (progress: PoolProgress<R>) => void
  /** Cancels the pool: attempts are asked to end, and `runPool` rejects with its reason when all have ended. */
  signal?: AbortSignal
  /**
   * Time, ms, after which a process that gives no sign of life is killed and its recording tried again. Choose more than the longest
   * computation that does not return to the event loop. Until its first sign, a process has at least 30 s to start and to import the
   * module. Default: none; a process is only replaced when it ends.
   */
  heartbeat?: number
  /** Time, ms, that processes have to end after `signal`, before they are killed. Default: 10 000. */
  grace?: number
}
