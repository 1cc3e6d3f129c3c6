import { writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { scratch } from '../scratch.js'

/**
 * Made by a C program with HDF5 1.14.5, since h5py 3.7 has no such references (H5T_STD_REF). /g/data is int32 of 3 x 4, 0 to
 * 11, with an attribute 'units' of 7. /refs, and the attribute of that name, refer to: /g/data; /g; these regions of /g/data:
 * the boxes [0:3:2, 1:4:2], the points (2,3) (0,0) (1,1), [0, 0:2] with [2, 1:4], and all; 'units'; and nothing. /compound
 * and the attribute have members x, r (the first region; /g/data) and y; /vlen has the first two regions, then an empty
 * sequence; /array has [/g/data, /g], [units, the first region]; /unwritten has two references that were never written.
 */
const all =
  'H4sIAAAAAAACA+1ZvVMTQRTfvXDJ5QO9BFCkCg4FakNBgRXJ8BUcRxjUGUoygpABAxODQpfCQjv+CAtLSkv/A1tL/gALSzu8vX3vbu/27gIh52WGfcxlZ9++/Xrv7du3P77UFpeHcxM5wsgwyBAxiUiXQJUn3jq2b0FJofwM5TcN+Rm7bRz4Jox/VuL1C+C/2lhaYtKXPsJ5LnReThNFt5FqS9V1Vp77/O7scbzzUvvP9d8i+G8txet7+tX8d87gpaFMeav9d9OJgxAvda/cdr1dF+Np7Ybzvnyxtshi8AzG0XvR8ujnRyPRchUoO4+i5dDfyynvPeE/P6iPTjF6vHUo/9yPlsN7YnOsX3GA32O4AQozUI0zYDvW/UlC6qbd1TSQV7Z/dUtDjK9pfCADLJCinSzvOeNZRwk0yoR/bhX2C9BOSZoUrLbjZqP9PmAe1HvGGWmuD35FHftOZ9QZ7923LPuDzwzZPkEsa3JbMf0yR2AJWt6WM3yqtjh4uBxfa7CT9MAdPUWqAofPtSpwUvY3KXCG7M8UOHro2uU58077xbzmrjPQSf7aEtjzboDEVfbsXeuItKJR3ssXNrx7HlOuqEiRIkWK/tvdn/bllTz/o5R68mfDubF4vrhSYrlgVP54DvnjWWT+6CI2g0GID3VGef0X8AvkB6xbt/fY2nnL0lxHD2H6un6+lJbypYyULxlS7pCVcpBcT/Z2syVcW8UWXbaW/NAqT7ypfYsYqIFTMlEsz8PGK2Q2T2Yv3X2G+0kFFrrYxU/WY7X3HrxLTxx7f4f5s+SptdY3h++ODo+b29jvpvoI03dwPlu4Vj7bm535+3AV3sJsFxWP3YjPbp/AbuUudusMxLlG3MyPDxcAEWHn2rT29uFgp0kC9BCmN/HtUOrLeRu3RZ9Z35T9vheCTOQ5+poLQmxke5wM9H0j6yPkvkn59q9pCHlS0RSDft8kTSsLa8+pAIBh/GngPYYxZhOMovnAQU0AmagUxNxSE4AGEXDQBDnB7lX//DNCXxy/HD6OR05oWvWPOxewr2mBFwSUUHk+VMGkf3xTkKWy/nXixR+dfjqH0tIJ2yMTkz2MmO2R7dEeuS72yCdsj0LC8w8nPP+dmPwRcb9OYP41LOXksA66z1oM2ZHC8Ghzo5prv3ZXsRDS30xYz8WY9FyK1LMp6bkYs55Hupz30YTtMOaPY4ggd4ljjn7UP3wVKVKkSJEiRXHhMRIe9RueUlNd8KjBxGN2oUSc34//Ik5Yb7Xqp0z+sLnD6tv15u5Bo4ndrSTyY6vRbnNhIVXrF5r9D1qmgHNAKwAA'

/** /x refers to /g/data of the file above, and to the root group of its own file. */
const intoAnother =
  'H4sIAAAAAAACA+2Vv07DQAzG7UtpTxUIkqliYsjQCbHwAIikyVA1FTAwhg2pEjO8AbwJj5KNRwq5nk3+rCyp+v0UyWef7yxFn31febI6m1/OyWEtTeiCutRCvOj7ul+KZbGfYr+Nxnm/J8cplPuHeU8Paeqy6wFa52birSVwjOTp3dbZZ/FVpZXp570P9Jj/sy7T1N/F6nslM/uAllcbNAp1O1lE1Hx0Ir4xhr1+/fmAVcpxr14kYZf8U57u2k4ZB4+bInEdrX14FUCbABwqhkM3g2w7NQ3Zsp+T3Rdr7gxd/nvL5U1ezvxiSi9vH9evt4Ma1Tn+MwAAAAAAAAAAMHZ+AVmI368kGAAA'

const made = (gzipped: string) => {
  const path = scratch('refs.h5')
  writeFileSync(path, gunzipSync(Buffer.from(gzipped, 'base64')))
  return path
}

/** A new copy of each file. */
export const newReferences = () => made(all)
export const referencesIntoAnother = () => made(intoAnother)
