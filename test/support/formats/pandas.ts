import { withoutModules } from '../python-modules.js'

/** A reason to skip, or undefined. */
export const pandasAbsent = withoutModules(['pandas', 'tables'], ['python3-pandas', 'python3-tables'])
