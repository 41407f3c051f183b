import { type TestTool, testTools } from '@signet/rig';
import { installPackages, obstacleTo, readSystem } from './node-gyp/debian-packages.mjs';

const missing = testTools.filter((tool) => tool.find() === undefined);
if (missing.length > 0) provide(missing);

/**
 * Installs the tools if this system allows it, or ends the process with one line that says what to install.
 */
function provide(tools: readonly TestTool[]): void {
  const packages = tools.flatMap((each) => each.packages);
  const names = tools.map(({ name }) => name).join(', ');
  const obstacle = obstacleHere(packages);
  if (obstacle) fail(`The tests need ${names}: ${obstacle}`);
  process.stdout.write(`Installing ${names} for the tests (apt-get install ${packages.join(' ')})\n`);
  try {
    installPackages(packages);
  } catch {
    fail(
      `The tests need ${names}, and apt-get could not install ${packages.join(' ')}: see its output above.`,
    );
  }
  const stillMissing = tools.filter((tool) => tool.find() === undefined).map(({ name }) => name);
  if (stillMissing.length > 0)
    fail(`apt-get installed ${packages.join(' ')}, but these are still missing: ${stillMissing.join(', ')}.`);
}

/** Why this script cannot install the packages, and what to do instead; undefined if it can. */
function obstacleHere(packages: readonly string[]): string | undefined {
  if (readSystem() === 'ubuntu' && packages.includes('chromium')) {
    return "install Chrome, or a Chromium that is not a snap (Ubuntu's own package is a snap and does not run in containers), then run this again.";
  }
  if (readSystem() === 'ubuntu' && packages.includes('firefox-esr')) {
    return "install Mozilla's own Firefox package (Ubuntu's is a snap, which does not run in containers), then run this again.";
  }
  return obstacleTo(packages);
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
