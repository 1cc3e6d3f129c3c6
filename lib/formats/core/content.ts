/** What a file is at first sight, by which formats are chosen before their code is loaded. */
export type Content = 'hdf5' | 'text' | 'binary' | 'folder'
