import { beforeEach, expect, test } from 'vitest';
import { Access, SESSION_IDLE_MS } from '../../../../main/hosts/web/access.ts';

let nowMs = 0;
let access: Access;

beforeEach(() => {
  nowMs = 1_700_000_000_000;
  access = new Access(() => nowMs);
});

async function admit() {
  const admission = await access.exchange(access.newCode());
  if (admission.kind !== 'admitted') throw new Error(admission.kind);
  return admission.value;
}

test('W4: a code has 256 bits and is refused after five minutes', async () => {
  const code = access.newCode();
  expect(Buffer.from(code, 'base64url')).toHaveLength(32);
  nowMs += 5 * 60_000;
  expect(await access.exchange(code)).toEqual({ kind: 'refused' });
});

test('W4: a new code does not end an earlier one', async () => {
  const [first, second] = [access.newCode(), access.newCode()];
  expect((await access.exchange(first)).kind).toBe('admitted');
  expect((await access.exchange(second)).kind).toBe('admitted');
});

test('W4: the secrets of two sessions cannot be mixed', async () => {
  const [mine, other] = [await admit(), await admit()];
  expect((await access.find(mine.cookie, mine.secret)).kind).toBe('admitted');
  expect(await access.find(mine.cookie, other.secret)).toEqual({ kind: 'refused' });
  expect(await access.find(null, mine.secret)).toEqual({ kind: 'refused' });
  expect(await access.find(mine.cookie, undefined)).toEqual({ kind: 'refused' });
});

test('W8: a session nobody has used for eight hours ends, and says so to its sockets', async () => {
  const { cookie, secret } = await admit();
  const found = await access.find(cookie, secret);
  if (found.kind !== 'admitted') throw new Error(found.kind);
  let ends = 0;
  found.value.onEnd.add(() => ends++);
  nowMs += SESSION_IDLE_MS;
  access.endIdle();
  expect(ends).toBe(0);
  nowMs += 1;
  access.endIdle();
  expect(ends).toBe(1);
  expect(access.knowsCookie(cookie)).toBe(false);
});

test('a refused attempt leaves nothing behind', async () => {
  expect(await access.exchange('')).toEqual({ kind: 'refused' });
  expect(await access.exchange(null)).toEqual({ kind: 'refused' });
  expect(access.knowsCookie('')).toBe(false);
  expect(access.knowsCookie(null)).toBe(false);
});
