import type { Finding } from '../format/findings.ts';
import { useFindings } from '../stores/findings.ts';
import { useNavigation } from '../stores/navigation.ts';

/** Opens the wizard for a finding, at one of its fixes where one is named. */
export function useFix(): (finding: Pick<Finding, 'id' | 'poolKey'>, fixId?: string) => void {
  const navigation = useNavigation();
  const findings = useFindings();
  return ({ id, poolKey }, fixId) => {
    findings.close();
    navigation.go('fix', {
      findingId: id,
      ...(poolKey === null ? {} : { poolKey }),
      ...(fixId === undefined ? {} : { fixId }),
    });
  };
}
