/** Failures of our files as something a person can act on. */
import type { Failure } from '../core/model.ts';

/** What went wrong with `path`; `attempt` is a verb: "make", "read", "write"; `what` is what is not available then. */
export function fileFailure(error: unknown, path: string, attempt: string, what: string): Failure {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return { code: 'not-permitted', what: `${attempt} ${path}`, needs: 'that right on the file system' };
    case 'EROFS':
      return { code: 'unavailable', what, why: `${path} is on a file system that is read-only` };
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'unavailable', what, why: `the disk of ${path} is full; make room first` };
    default: {
      const { errno = null, message } = error as NodeJS.ErrnoException;
      return { code: 'system', call: `${attempt} ${path}`, errno, message };
    }
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** All else that was thrown is a bug. */
export function isOfTheSystem(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).errno === 'number';
}
