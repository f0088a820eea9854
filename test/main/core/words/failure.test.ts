import { expect, test } from 'vitest';
import type { Failure } from '../../../../main/core/model.ts';
import { failureSentence } from '../../../../main/core/words/failure.ts';

test.each<[Failure, string]>([
  [
    { code: 'not-permitted', what: 'read the sockets', needs: 'CAP_NET_ADMIN' },
    'Not permitted to read the sockets: it needs CAP_NET_ADMIN.',
  ],
  [
    { code: 'unsupported', what: 'sampling', why: 'Windows is not there yet' },
    'Sampling is not possible here: Windows is not there yet.',
  ],
  [
    { code: 'system', call: 'bind', errno: 13, message: 'Permission denied' },
    'The system refused bind: Permission denied (errno 13).',
  ],
  [
    { code: 'system', call: 'bind', errno: null, message: 'no reason' },
    'The system refused bind: no reason.',
  ],
  [
    { code: 'unreadable', source: '/proc/net/tcp', line: 3, text: 'x'.repeat(200) },
    `Line 3 of /proc/net/tcp could not be understood: “${'x'.repeat(120)}…”.`,
  ],
  [{ code: 'invalid', field: 'offset', message: 'write a number.' }, 'Offset is not valid: write a number.'],
  [{ code: 'invalid', field: 'rate', message: 'rate must be above 0' }, 'Rate must be above 0.'],
  [{ code: 'gone', what: 'the snapshot' }, 'The snapshot is no longer there. Try again.'],
  [{ code: 'unavailable', what: 'port 80', why: 'it is taken' }, 'Port 80 is not available: it is taken.'],
  [
    { code: 'tool-missing', tool: 'ss', hint: 'ss is in the package iproute2' },
    'ss is not installed here. ss is in the package iproute2.',
  ],
  [
    { code: 'tool-missing', tool: 'ss', hint: 'it is in the package iproute2' },
    'ss is not installed here. It is in the package iproute2.',
  ],
])('says %j in one sentence', (failure, sentence) => {
  expect(failureSentence(failure)).toBe(sentence);
});
