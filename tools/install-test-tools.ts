import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type TestTool, testTools } from '@signet/rig';

const missing = testTools.filter((tool) => tool.find() === undefined);
if (missing.length > 0) provide(missing);

/**
 * Installs the tools if this system allows it, or ends the process with one line that says what to install.
 */
function provide(tools: readonly TestTool[]): void {
  const packages = tools.flatMap((each) => each.packages);
  const names = tools.map(({ name }) => name).join(', ');
  const obstacle = obstacleTo(packages);
  if (obstacle) fail(`The tests need ${names}: ${obstacle}`);
  process.stdout.write(`Installing ${names} for the tests (apt-get install ${packages.join(' ')})\n`);
  try {
    withoutStartingServices(() => {
      aptGet('update', '-qq');
      aptGet('install', '-qq', '-y', '--no-install-recommends', ...packages);
    });
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
function obstacleTo(packages: readonly string[]): string | undefined {
  const command = `apt-get install ${packages.join(' ')}`;
  const system = readSystem();
  if (system !== 'debian' && system !== 'ubuntu')
    return `install them with this system's package manager (on Debian: ${command}).`;
  if (system === 'ubuntu' && packages.includes('chromium')) {
    return "install Chrome, or a Chromium that is not a snap (Ubuntu's own package is a snap and does not run in containers), then run this again.";
  }
  return process.getuid?.() === 0 ? undefined : `run "sudo ${command}", then this again.`;
}

function readSystem(): string | undefined {
  const file = '/etc/os-release';
  return existsSync(file) ? /^ID=["']?([a-z]+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
}

/**
 * Debian starts a server when it installs it, unless this file forbids that (Debian Policy, section 9.3.3).
 */
function withoutStartingServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    if (isOurs) rmSync(policy);
  }
}

function aptGet(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Waits until another apt on this machine has finished.
  execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
