/** The figures that everyone quotes, exactly, and where the rounded ones come from. */
import { sustainableRate } from '../budget.ts';
import type { QuotedFigure } from './model.ts';

/** In the order of the profiles they speak of. */
export function quotedFigures(): QuotedFigure[] {
  return [
    quote(
      '16.5',
      3976,
      240,
      'windows-legacy',
      'Cut off instead of rounded: 16.57. 240 s is Windows 2000; IPv4 since XP waits 120 s.',
    ),
    quote('16.67', 4000, 240, 'windows-legacy', '4,000 is 3,976 rounded up.'),
    quote('33.13', 3976, 120, 'windows-legacy', 'The same range with the 120 s of XP and Server 2003.'),
    quote('68.27', 16_384, 240, 'windows-240', 'With the 240 s that Microsoft documents in places.'),
    quote('136.53', 16_384, 120, 'windows', 'With the 120 s that are observed.'),
    quote('470', 28_232, 60, 'linux', 'Rounded down from 470.53; for each destination.'),
    quote('466.67', 28_000, 60, 'linux-rhel', '28,000 is 28,232 rounded down.'),
    quote('1,075', 64_512, 60, 'linux-tuned', 'Range 1024–65535; rounded down from 1,075.2.'),
    quote('546', 16_384, 30, 'macos', 'For the whole host; 16,383 ports, often printed, is off by one.'),
  ];
}

function quote(
  quoted: string,
  ports: number,
  seconds: number,
  profileId: string,
  note: string,
): QuotedFigure {
  const formula = `${ports.toString().replace(/\B(?=(\d{3})+$)/g, ',')} / ${seconds} s`;
  return { quoted, formula, exactPerSecond: sustainableRate(ports, seconds), profileId, note };
}
