/**
 * Services whose usual port an outgoing connection must not take while they are stopped. IANA service names and the
 * defaults of the programs' own documentation.
 */
import type { PortRange } from '../model.ts';
import { isInside } from '../port-range.ts';

/** Where the registered services that nearly every machine knows lie: 3306, 5432, 6379, 8080, 9090, 9100, 9200 … */
export const SERVICES_BELOW = 10_240;

const USUAL: readonly (readonly [port: number, service: string])[] = [
  [10_250, 'kubelet'],
  [10_255, 'kubelet'],
  [10_256, 'kube-proxy'],
  [10_257, 'kube-controller-manager'],
  [10_259, 'kube-scheduler'],
  [11_211, 'memcached'],
  [11_434, 'ollama'],
  [15_432, 'postgresql'],
  [15_672, 'rabbitmq'],
  [15_692, 'rabbitmq'],
  [16_379, 'redis cluster bus'],
  [16_686, 'jaeger'],
  [19_999, 'netdata'],
  [24_224, 'fluentd'],
  [25_672, 'rabbitmq'],
  [26_257, 'cockroachdb'],
  [26_379, 'redis sentinel'],
  [27_017, 'mongodb'],
  [27_018, 'mongodb'],
  [27_019, 'mongodb'],
  [28_015, 'rethinkdb'],
  [50_051, 'grpc'],
];

/** Of kube-proxy; in its usual modes no socket listens on them. */
export const NODE_PORTS: PortRange = { first: 30_000, last: 32_767 };
const KUBELET_PORT = 10_250;

/** Ports of usual services that lie in `range` and not in `before`. */
export function usualServicesIn(range: PortRange, before: PortRange): number[] {
  return USUAL.map(([port]) => port).filter((port) => isInside(port, [range]) && !isInside(port, [before]));
}

/** Names of the usual services whose ports lie in `range`, each once. */
export function usualServiceNames(range: PortRange): string[] {
  return [...new Set(USUAL.filter(([port]) => isInside(port, [range])).map(([, name]) => name))];
}

/** Whether the machine is a node of a Kubernetes cluster, by the port of its kubelet. */
export function isKubernetesNode(tcpPorts: readonly { port: number }[] | null): boolean {
  return tcpPorts?.some(({ port }) => port === KUBELET_PORT) ?? false;
}
