/** The states that have a chip: the word of their filter term, the states it counts (the first lends its shape). */
export const STATE_CHIPS: readonly { term: string; states: readonly [string, ...string[]]; word: string }[] =
  [
    { term: 'time-wait', states: ['TIME_WAIT'], word: 'TIME_WAIT' },
    { term: 'established', states: ['ESTABLISHED'], word: 'ESTABLISHED' },
    { term: 'listen', states: ['LISTEN'], word: 'LISTEN' },
    { term: 'close-wait', states: ['CLOSE_WAIT'], word: 'CLOSE_WAIT' },
    { term: 'fin-wait', states: ['FIN_WAIT_1', 'FIN_WAIT_2'], word: 'FIN_WAIT' },
    { term: 'syn-sent', states: ['SYN_SENT'], word: 'SYN_SENT' },
  ];
