import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNode, nodeMajors, nodeVersions } from '@signet/rig';

/** Runs the API's whole suite on each Node: `test-nodes.ts [MAJOR …] [options of vitest …]`. */
const api = fileURLToPath(new URL('../apps/api', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

const given = process.argv.slice(2);
const named = nodeMajors.filter((major) => given.includes(String(major)));
const options = given.filter((option) => !nodeMajors.some((major) => String(major) === option));

const results = (named.length > 0 ? named : nodeMajors).map((major) => {
  const node = installNode(major);
  process.stdout.write(`\nNode ${nodeVersions[major]}\n`);
  const { status } = spawnSync(node, [vitest, 'run', '--project=!pooler', ...options], {
    cwd: api,
    stdio: 'inherit',
    // Whatever the tests start by the name `node` runs on this Node, too.
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
  });
  return { version: nodeVersions[major], passed: status === 0 };
});

for (const { version, passed } of results)
  process.stdout.write(`Node ${version}: ${passed ? 'passed' : 'failed'}\n`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
