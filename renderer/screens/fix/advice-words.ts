import type { AdviceInfo } from '../../../preload/contract-fixes.ts';

export const ADVICE_VERDICTS: Record<AdviceInfo['verdict'], string> = {
  'does not help': 'Does not help',
  harms: 'Harms',
  'is gone': 'Is gone',
  'hardly helps': 'Hardly helps',
};
