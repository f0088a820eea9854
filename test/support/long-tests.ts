/** Tests that take minutes of real time are left out of every run but one that asks for them. */

/** Why a long test does not run now, to be printed; null when long tests were asked for. */
export const LONG_TESTS_SKIPPED: string | null =
  process.env['FOURTUPLE_LONG_TESTS'] === '1' ? null : 'takes minutes: run with FOURTUPLE_LONG_TESTS=1';
