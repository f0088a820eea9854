/** Which recipes are shown: those of one runtime, of one protocol or of all. Pure. */
import type { RecipeInfo } from '../../../preload/contract-fixes.ts';

/** Stands for every protocol. */
export const EVERY = 'all';

export const PROTOCOL_WORDS: Record<string, string> = {
  [EVERY]: 'All',
  http: 'HTTP',
  mysql: 'MySQL',
  postgresql: 'PostgreSQL',
  redis: 'Redis',
  grpc: 'gRPC',
  tcp: 'TCP',
};
const RUNTIME_WORDS = new Map([
  ['any', 'Any language'],
  ['node', 'Node.js'],
  ['python', 'Python'],
  ['java', 'Java'],
  ['go', 'Go'],
  ['dotnet', '.NET'],
  ['php', 'PHP'],
  ['ruby', 'Ruby'],
  ['rust', 'Rust'],
  ['nginx', 'nginx'],
  ['haproxy', 'HAProxy'],
  ['envoy', 'Envoy'],
]);

export function runtimeWord(runtime: string): string {
  return RUNTIME_WORDS.get(runtime) ?? runtime;
}

export interface RecipesShown {
  /** In the order in which they come: the plan puts the runtime of this machine's program first. */
  runtimes: string[];
  runtime: string;
  /** Of that runtime. */
  protocols: string[];
  protocol: string;
  recipes: RecipeInfo[];
}

/** What was wanted as far as there is any of it. */
export function recipesShown(
  recipes: readonly RecipeInfo[],
  wanted: { runtime: string | null; protocol: string | null },
): RecipesShown {
  const runtimes = [...new Set(recipes.map(({ runtime }) => runtime))];
  const runtime = runtimes.find((one) => one === wanted.runtime) ?? runtimes[0] ?? 'any';
  const ofRuntime = recipes.filter((recipe) => recipe.runtime === runtime);
  const protocols = [...new Set(ofRuntime.map(({ protocol }) => protocol))];
  const protocol = protocols.find((one) => one === wanted.protocol) ?? EVERY;
  return {
    runtimes,
    runtime,
    protocols,
    protocol,
    recipes: ofRuntime.filter((recipe) => protocol === EVERY || recipe.protocol === protocol),
  };
}
