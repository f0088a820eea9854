/** What is not available, when it is the journal or the change that another one stands in the way of. */

export const JOURNAL = 'the journal of changes';
/** While another change is at work or open. */
export const BUSY = 'changing anything';
