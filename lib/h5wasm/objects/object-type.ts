/** h5wasm's names of the kinds of objects and links. */
export enum OBJECT_TYPE {
  DATASET = 'Dataset',
  GROUP = 'Group',
  BROKEN_SOFT_LINK = 'BrokenSoftLink',
  EXTERNAL_LINK = 'ExternalLink',
  DATATYPE = 'Datatype',
  REFERENCE = 'Reference',
  REGION_REFERENCE = 'RegionReference',
}
