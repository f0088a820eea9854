/** The smallest schemas of the contract, shared by its parts. */
import { z } from 'zod';

// Zod's compiled validators need eval, which the content security policy forbids.
z.config({ jitless: true });

/** Longest text a renderer may send in one field. */
export const MAX_TEXT = 2000;

export const count = z.number().int().nonnegative();
export const finite = z.number();
export const share = z.number().min(0);
export const text = z.string().max(MAX_TEXT);
export const nullable = <T extends z.ZodType>(inner: T) => inner.nullable();
export const emptyArgs = z.strictObject({});
