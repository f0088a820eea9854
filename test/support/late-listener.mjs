/** A forked process that asks for its parent's end only after the parent is gone; exits 7 when told of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { connectParent } from '../../main/terminal/parent-port.ts';

// Long enough for 'disconnect' to be emitted to nobody.
while (process.connected) await pause(10);
setInterval(() => {}, 1000);
connectParent()?.onEnd(() => process.exit(7));
