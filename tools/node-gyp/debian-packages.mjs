import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Why packages cannot be installed here, and what to do instead; undefined if they can.
 *
 * @param {readonly string[]} packages
 * @returns {string | undefined}
 */
export function obstacleTo(packages) {
  const command = `apt-get install ${packages.join(' ')}`;
  const system = readSystem();
  if (system !== 'debian' && system !== 'ubuntu')
    return `install them with this system's package manager (on Debian: ${command}).`;
  return process.getuid?.() === 0 ? undefined : `run "sudo ${command}", then this again.`;
}

/**
 * The name of a Linux distribution, `debian` for example (os-release(5)).
 *
 * @returns {string | undefined}
 */
export function readSystem() {
  const file = '/etc/os-release';
  return existsSync(file) ? /^ID=["']?([a-z]+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
}

/**
 * Installs Debian packages and starts none of their services. Throws if apt-get fails; its messages are on stderr.
 *
 * @param {readonly string[]} packages
 */
export function installPackages(packages) {
  withoutStartingServices(() => {
    aptGet('update', '-qq');
    aptGet('install', '-qq', '-y', '--no-install-recommends', ...packages);
  });
}

/**
 * Debian starts a server when it installs it, unless this file forbids that (Debian Policy, section 9.3.3).
 *
 * @param {() => void} install
 */
function withoutStartingServices(install) {
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    if (isOurs) rmSync(policy);
  }
}

/** @param {string[]} args */
function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Waits until another apt on this machine has finished.
  execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
