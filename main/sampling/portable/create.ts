/** Portable sampling of this machine, with the terminal's own runner. */
import type { Outcome } from '../../core/model.ts';
import { choosePrograms } from '../../terminal/programs.ts';
import type { RunCommand } from '../../terminal/run.ts';
import { createRunner, type Runner } from '../../terminal/runner.ts';
import type { Platform } from '../source.ts';
import { sampleCommandsOf } from './commands.ts';
import { createPortablePlatform } from './platform.ts';

/** The platform of `name` (a process.platform); 'unsupported' where no commands are known. */
export function createPortable(name: NodeJS.Platform): Outcome<Platform> {
  const commands = sampleCommandsOf(name);
  if (!commands) {
    const why = 'the commands that list its sockets are not known';
    return { ok: false, failure: { code: 'unsupported', what: `live sampling on ${name}`, why } };
  }
  const monotonicMs = () => performance.now();
  let runner: Runner | null = null;
  const run: RunCommand = (request, hooks) => {
    runner ??= createRunner({ programs: choosePrograms(name), now: Date.now, monotonicMs });
    return runner.run(request, hooks);
  };
  const end = () => void runner?.end();
  return { ok: true, value: createPortablePlatform({ commands, run, nowMs: Date.now, monotonicMs, end }) };
}
