/**
 * Erlang's loss formula: the share of arrivals that find all `ports` taken when they come independently at `offered` =
 * rate × mean lock. It holds for any distribution of the lock times (A. K. Erlang 1917; B. A. Sevastyanov 1957), so it
 * is what the simulator must give for Poisson arrivals.
 */
export function erlangLoss(ports: number, offered: number): number {
  // 1/B(n) = 1 + n/offered × 1/B(n−1): stable where the factorials of the textbook form are not.
  let inverse = 1;
  for (let port = 1; port <= ports; port++) {
    inverse = 1 + (port / offered) * inverse;
    if (inverse > 1e300) return 0;
  }
  return 1 / inverse;
}
