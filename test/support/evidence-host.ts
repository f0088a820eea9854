/** Run as a process of its own: a workbench with a command that never ends, for a test that kills it. Prints "running". */
import type { Probe } from '../../main/probes/probe.ts';
import { rigEvidence } from './evidence-rig.ts';
import { realChildren } from './real-children.ts';

const [, , probeText = ''] = process.argv;
const probe = { ...(JSON.parse(probeText) as Probe), parse: () => Promise.reject() } as unknown as Probe;
const rig = rigEvidence({ children: realChildren(), probes: [probe] });
for (let count = 0; count < 3; count++) await rig.run(probe.id);
process.stdout.write('running\n');
