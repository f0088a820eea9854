/** Bounds of an import; the contract's (preload/contract-import.ts) are the same. */

/** Most files of one import. */
export const MAX_FILES = 16;
/** Most bytes of all files together, unpacked. */
export const MAX_BYTES = 256 * 1024 * 1024;
