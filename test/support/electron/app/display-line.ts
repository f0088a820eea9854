/** The app's end of the line to the display, and what the test said about the machine. */
import type { AppServes, DisplayServes, Handlers, WirePort } from '../wire.ts';
import { Line } from '../wire.ts';
import { START_VARIABLE, type StartOptions } from './start-options.ts';

const send = process.send?.bind(process);
if (!send) throw new Error('the stand-in is started by test/support/electron/display/desktop.ts');
// An Electron main process has no such thing.
process.send = undefined;

const port: WirePort = {
  send: (message) => void send(message, undefined, undefined, () => {}),
  onMessage: (listener) => void process.on('message', listener),
};

export const startOptions = JSON.parse(process.env[START_VARIABLE] ?? '') as StartOptions;
delete process.env[START_VARIABLE];

const serves: Partial<Handlers<AppServes>> = {};
/** Asks the display. */
export const display = new Line<AppServes, DisplayServes>(port, serves as Handlers<AppServes>);

/** Says who answers what the display asks; each part of Electron its own. */
export function serve(handlers: Partial<Handlers<AppServes>>): void {
  Object.assign(serves, handlers);
}

// Without its display there is nothing left to test.
process.once('disconnect', () => process.exit(1));
