/** Source NAT in the path has ports of its own, often fewer than the host. Figures: the providers' documentation. */

/** Azure Load Balancer, default ports per instance by size of the backend pool (Microsoft Learn, outbound connections). */
const AZURE_DEFAULT_ALLOCATION: readonly { upTo: number; ports: number }[] = [
  { upTo: 50, ports: 1024 },
  { upTo: 100, ports: 512 },
  { upTo: 200, ports: 256 },
  { upTo: 400, ports: 128 },
  { upTo: 800, ports: 64 },
  { upTo: 1000, ports: 32 },
];
/** SNAT ports per frontend address of an Azure Load Balancer. */
const AZURE_PORTS_PER_ADDRESS = 64_000;
/** Ports 1024–65535 of one address: GCP Cloud NAT and Linux MASQUERADE. */
const PORTS_ABOVE_1023 = 64_512;

/** Ports of each instance under Azure's default allocation, or null for a pool larger than 1,000. */
export function azureDefaultPortsPerInstance(instances: number): number | null {
  return AZURE_DEFAULT_ALLOCATION.find((row) => instances <= row.upTo)?.ports ?? null;
}

/** Ports of each instance under manual allocation: frontend addresses × 64,000 / instances, rounded down. */
export function azureManualPortsPerInstance(frontendAddresses: number, instances: number): number {
  return Math.floor((frontendAddresses * AZURE_PORTS_PER_ADDRESS) / instances);
}

/** How many VMs one Cloud NAT address serves when each gets `portsPerVm`. */
export function gcpVmsPerAddress(portsPerVm: number): number {
  return Math.floor(PORTS_ABOVE_1023 / portsPerVm);
}
