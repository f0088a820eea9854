/** Failures of the journal's files as something a person can act on. */
import type { Failure } from '../core/model.ts';

export const JOURNAL = 'the journal of changes';
/** What is not available while another change is at work or open. */
export const BUSY = 'changing anything';

/** What went wrong with `path`; `attempt` is a verb: "make", "read", "write". */
export function fileFailure(error: unknown, path: string, attempt: string): Failure {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return { code: 'not-permitted', what: `${attempt} ${path}`, needs: 'that right on the file system' };
    case 'EROFS':
      return { code: 'unavailable', what: JOURNAL, why: `${path} is on a file system that is read-only` };
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'unavailable', what: JOURNAL, why: `the disk of ${path} is full; make room first` };
    default: {
      const { errno = null, message } = error as NodeJS.ErrnoException;
      return { code: 'system', call: `${attempt} ${path}`, errno, message };
    }
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
