/** Keeping settings of macOS and FreeBSD over a restart. */
import type { Advice, PlanInput, Step } from '../model.ts';
import { fileStep } from '../steps.ts';

const LABEL = 'fourtuple.sysctl';
export const LAUNCH_DAEMON_FILE = `/Library/LaunchDaemons/${LABEL}.plist`;

/** macOS reads no sysctl.conf since 10.15.3: a daemon sets the values. FreeBSD has one file, which is not ours to edit. */
export function keepBsdSettings(
  { state, parameters }: PlanInput,
  steps: readonly Step[],
): { steps: Step[]; advice: Advice[] } {
  if (!parameters.persist) return { steps: [], advice: [] };
  const pairs = steps.flatMap(({ target, proposed }) =>
    target.kind === 'sysctl' && proposed.kind === 'value' ? [`${target.key}=${proposed.text}`] : [],
  );
  if (state.system === 'freebsd') {
    const sentence =
      'Add these lines to /etc/sysctl.conf, which Fourtuple does not edit; delete them to undo.';
    return { steps: [], advice: [{ sentence, commands: pairs }] };
  }
  const file = fileStep(state, LAUNCH_DAEMON_FILE, launchDaemon(pairs), 'sets the same values at each start');
  return { steps: [file], advice: [] };
}

function launchDaemon(pairs: readonly string[]): string {
  const programArguments = ['/usr/sbin/sysctl', '-w', ...pairs];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    '  <key>Label</key>',
    `  <string>${LABEL}</string>`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...programArguments.map((word) => `    <string>${word}</string>`),
    '  </array>',
    '  <key>RunAtLoad</key>',
    '  <true/>',
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}
