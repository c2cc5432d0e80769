/**
 * The write concern of everything that somebody was told happened. The default concern may lose its last ~100 ms
 * when the process is killed; this one is acknowledged only when it is in the journal.
 */
export const JOURNALED = { w: 'majority', j: true } as const;
