import type { Engine } from '../rig/databases.ts';
import { type Claim, claim, type Findings, say, table } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { createStage } from '../rig/stage.ts';
import { accounts } from './recipes/accounts.ts';
import { browsers } from './recipes/browsers.ts';
import { deployments } from './recipes/deployments.ts';
import { files } from './recipes/files.ts';
import { floods } from './recipes/floods.ts';
import { heldBodies } from './recipes/held-bodies.ts';
import { heldRequests } from './recipes/held-requests.ts';
import { neighbours } from './recipes/neighbours.ts';
import type { Group, Recipe, Scene } from './recipes/recipe.ts';
import { createPlaces, openScene } from './recipes/scene.ts';
import { stolenTokens } from './recipes/stolen-tokens.ts';
import { uploads } from './recipes/uploads.ts';

const groups: readonly Group[] = [
  deployments,
  heldRequests,
  stolenTokens,
  browsers,
  accounts,
  uploads,
  neighbours,
  files,
  floods,
  heldBodies,
];

/** In which ways a group is tried. Behind nginx one engine is enough, because nginx knows none. */
const columns: readonly { readonly name: string; readonly engine: Engine; readonly hasNginx: boolean }[] = [
  { name: 'SQLite', engine: 'SQLite', hasNginx: false },
  { name: 'PostgreSQL', engine: 'PostgreSQL', hasNginx: false },
  { name: 'behind nginx', engine: 'SQLite', hasNginx: true },
];

/**
 * Attacks on the built API, each as its author would carry it out, on either engine and through the deployment's nginx. A
 * recipe says word for word what must come, and anything else is a claim that does not hold.
 */
export async function recipes(stage: Stage, { only }: { only?: string } = {}): Promise<Findings> {
  const freshPlace = createPlaces(stage);
  const claims: Claim[] = [];
  const rows: string[][] = [];
  for (const group of groups.filter(({ name }) => only === undefined || name.includes(only))) {
    say(`recipes: ${group.name}`);
    const came = new Map<Recipe, string[]>();
    for (const { name, engine, hasNginx } of columns) {
      const own = createStage();
      try {
        const scene = await openScene(own, { engine, hasNginx, freshPlace, env: group.env ?? {} });
        for (const recipe of group.recipes) {
          const outcomes = came.get(recipe) ?? [];
          came.set(recipe, outcomes);
          if (isLeftOut(recipe, engine, hasNginx)) {
            outcomes.push('–');
            continue;
          }
          const outcome = await outcomeOf(recipe, scene);
          const expected = (hasNginx ? recipe.expectedBehindNginx : undefined) ?? recipe.expected;
          const holds = outcome === expected;
          outcomes.push(!holds ? `**${outcome}**` : expected === recipe.expected ? 'as expected' : outcome);
          const told = `${name}: ${recipe.tried}: ${outcome}`;
          claims.push(claim(holds, holds ? told : `${told} (expected: ${expected})`));
        }
      } finally {
        await own.clear();
      }
    }
    for (const [{ tried, expected }, outcomes] of came) rows.push([tried, expected, ...outcomes]);
  }
  const result = table(['tried', 'must come', ...columns.map(({ name }) => name)], rows);
  say(result);
  return { claims, tables: [result] };
}

function isLeftOut(recipe: Recipe, engine: Engine, hasNginx: boolean): boolean {
  return Boolean((hasNginx && recipe.isDirectOnly) || (engine === 'PostgreSQL' && recipe.isForSqliteOnly));
}

async function outcomeOf({ run }: Recipe, scene: Scene): Promise<string> {
  try {
    return await run(scene);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
