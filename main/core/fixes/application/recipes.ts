/** All recipes for keeping connections open, and the choice among them. */
import type { Recipe } from '../model.ts';
import { DOTNET_RECIPES } from './recipes-dotnet.ts';
import { GO_RECIPES } from './recipes-go.ts';
import { JAVA_RECIPES } from './recipes-java.ts';
import { NODE_RECIPES } from './recipes-node.ts';
import { PHP_RECIPES } from './recipes-php.ts';
import { PROXY_RECIPES } from './recipes-proxies.ts';
import { PYTHON_RECIPES } from './recipes-python.ts';

export const KEEP_ALIVE_RECIPES: readonly Recipe[] = [
  ...NODE_RECIPES,
  ...PYTHON_RECIPES,
  ...JAVA_RECIPES,
  ...DOTNET_RECIPES,
  ...GO_RECIPES,
  ...PHP_RECIPES,
  ...PROXY_RECIPES,
];

const PROTOCOL_OF_PORT: ReadonlyMap<number, Recipe['protocol']> = new Map<number, Recipe['protocol']>([
  [80, 'http'],
  [443, 'http'],
  [8080, 'http'],
  [8443, 'http'],
  [9200, 'http'],
  [3306, 'mysql'],
  [33060, 'mysql'],
  [5432, 'postgresql'],
  [6432, 'postgresql'],
  [6379, 'redis'],
  [6380, 'redis'],
  [50051, 'grpc'],
]);

/** What is usually spoken on a port, or null: payload is never read. */
export function usualProtocol(port: number): Recipe['protocol'] | null {
  return PROTOCOL_OF_PORT.get(port) ?? null;
}

/** Those of the runtime, of the usual protocol first; all where the runtime is not known or has none. */
export function chooseRecipes(
  recipes: readonly Recipe[],
  runtime: string | null,
  protocol: Recipe['protocol'] | null,
): Recipe[] {
  const own = recipes.filter((recipe) => recipe.runtime === runtime || recipe.runtime === 'any');
  const chosen = own.some((recipe) => recipe.runtime === runtime) ? own : recipes;
  return [
    ...chosen.filter((recipe) => recipe.protocol === protocol),
    ...chosen.filter((recipe) => recipe.protocol !== protocol),
  ];
}
