/** `Get-NetTCPSetting`: the dynamic range and the auto-reuse range of each template. */
import type { OutputReading, SocketReading } from '../../core/readings.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { OutputFormat, Probe } from '../probe.ts';
import { ReadingBuilder } from '../reading-builder.ts';
import { POWERSHELL_ARGUMENTS } from './powershell-command.ts';
import type { PowerShellRecord } from './powershell-lines.ts';
import { forEachPowerShellRecord, wholeNumber } from './powershell-records.ts';

const FORMAT = 'windows-tcp-setting';
/** Name of the 'setting' fact that holds "49152-65535", the dynamic range as this cmdlet tells it. */
export const DYNAMIC_RANGE_SETTING = 'DynamicPortRange';

export function parseTcpSetting(text: string, take: (socket: SocketReading) => void): OutputReading {
  const builder = new ReadingBuilder(FORMAT, 'windows', take);
  const told = new Set<string>();
  forEachPowerShellRecord(text, 'settingname', builder, (record) => {
    const setting = record.fields.get('settingname');
    if (setting === undefined) {
      builder.problem(record.line, record.text, 'no setting with a name');
      return;
    }
    readAutoReuse(record, sanitiseText(setting, 80), builder);
    readDynamicRange(record, told, builder);
  });
  return builder.done();
}

function readAutoReuse(record: PowerShellRecord, setting: string, builder: ReadingBuilder): void {
  const first = wholeNumber(record, 'autoreuseportrangestartport', 65535);
  const count = wholeNumber(record, 'autoreuseportrangenumberofports', 65535);
  // The template "Automatic" has neither: it stands for one of the others.
  if (first === null || count === null) return;
  if (count > 0 && (first < 1 || first + count - 1 > 65535)) {
    builder.problem(record.line, record.text, `${count} ports from ${first} on are no range of ports`);
  } else builder.fact({ line: record.line, kind: 'auto-reuse-ports', setting, first, count });
}

/** All templates share it, so it is told once. */
function readDynamicRange(record: PowerShellRecord, told: Set<string>, builder: ReadingBuilder): void {
  const first = wholeNumber(record, 'dynamicportrangestartport', 65535);
  const count = wholeNumber(record, 'dynamicportrangenumberofports', 65535);
  if (first === null || count === null || first < 1 || count < 1 || first + count - 1 > 65535) return;
  const value = `${first}-${first + count - 1}`;
  if (told.has(value)) return;
  told.add(value);
  builder.fact({ line: record.line, kind: 'setting', name: DYNAMIC_RANGE_SETTING, value });
}

export const tcpSettingFormat: OutputFormat = {
  id: FORMAT,
  title: 'Get-NetTCPSetting of PowerShell',
  system: 'windows',
  recognises: (head) =>
    /\bSettingName\b/i.test(head) && /\b(?:AutoReusePortRange|DynamicPortRange)/i.test(head) ? 0.95 : 0,
  parse: parseTcpSetting,
};

export const tcpSettingProbe: Probe = {
  id: 'windows.get-nettcpsetting',
  platform: 'windows',
  group: 'settings',
  title: 'Auto-reuse range',
  tool: 'powershell',
  argv: [
    ...POWERSHELL_ARGUMENTS,
    'Get-NetTCPSetting -ErrorAction Stop | Select-Object SettingName,DynamicPortRangeStartPort,DynamicPortRangeNumberOfPorts,AutoReusePortRangeStartPort,AutoReusePortRangeNumberOfPorts | ConvertTo-Json -Compress',
  ],
  parameters: [],
  proves: 'Whether connections to different destinations may share a port (an auto-reuse range is set).',
  needs: null,
  figures: ['reuse', 'range'],
  parse: parseTcpSetting,
  mayBeEmpty: false,
  encoding: 'oem',
};
