import type { Notice } from '../../preload/contract-settings.ts';
import { verdictFinding } from '../format/findings.ts';
import { useFindings } from '../stores/findings.ts';
import { useNavigation } from '../stores/navigation.ts';
import { useWorkbench } from '../stores/workbench.ts';
import { useFix } from './use-fix.ts';

/** Where a notice leads: the wizard for what got worse, Trends for what is over. */
export function useNoticeTarget() {
  const navigation = useNavigation();
  const workbench = useWorkbench();
  const findings = useFindings();
  const openWizard = useFix();

  /** Opens the wizard on what the verdict says now, if it still speaks of the same pool. */
  function fix({ poolKey }: Pick<Notice, 'poolKey'>): void {
    workbench.leaveMoment();
    const { live } = workbench;
    const isSame = live?.origin.kind === 'live' && live.verdict.poolKey === poolKey;
    const finding = isSame ? verdictFinding(live) : null;
    if (finding) return openWizard({ id: finding.id, poolKey });
    findings.close();
    navigation.go('fix', poolKey === null ? {} : { poolKey });
  }
  function show({ kind, poolKey }: Notice): void {
    workbench.leaveMoment();
    findings.close();
    if (kind === 'over') return navigation.go('trends');
    navigation.go('headroom', poolKey === null ? {} : { poolKey });
  }
  function showWords({ kind }: Notice): string | null {
    if (kind === 'test') return null;
    return kind === 'over' ? 'Show in Trends' : 'Show';
  }
  /** What a click on a notification of the browser or the desktop opens. */
  function open(notice: Notice): void {
    if (notice.kind === 'worse') fix(notice);
    else if (notice.kind === 'over') show(notice);
  }
  return { fix, show, showWords, open };
}
