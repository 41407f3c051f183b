import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { createHostCheck } from '@signet/contracts';
import { forwardedAddress } from '../../apps/api/src/http/forwarded-address.ts';
import { readTarget } from '../../apps/api/src/http/target.ts';
import { addressOf } from '../../apps/api/src/limits/service.ts';
import { promise, type Target } from '../target.ts';

const isAllowed = createHostCheck(['api.example.org']);

/** Forwarded addresses, Host headers and request targets: one text is tried as each of them. */
export const target: Target = {
  seeds: [
    '192.0.2.43:47011',
    '"[2001:db8::17]:47011"',
    '::ffff:192.0.2.1',
    '64:ff9b::c000:201%eth0',
    'fe80::1%eth0',
    'unknown',
    '_hidden:_port',
    'api.example.org.:8086',
    'a.localhost',
    '[::1]:8086',
    '0x7f.1',
    'http://api.example.org/api/posts?limit=1',
    'http://user@[::1/x',
    '//evil.example/x',
    '*',
  ],
  words: [
    '[',
    ']',
    ':',
    '::',
    '.',
    '%',
    '"',
    '@',
    'http://',
    'localhost',
    'api.example.org',
    '0.0.0.0',
    '127.0.0.1',
    '\\',
    '#',
  ],
  run(input) {
    const text = input.toString('latin1');
    const address = forwardedAddress(text);
    if (address !== undefined) {
      promise(isIP(address) !== 0 && text.includes(address), 'an address is an IP address of the text');
      const caller = addressOf(address);
      promise(isIP(caller.replace(/\/64$/, '')) !== 0, `a caller is an address or a network: ${caller}`);
      promise(addressOf(caller) === caller || caller.endsWith('/64'), 'a caller counts as itself');
    }
    if (isAllowed(text)) promise(isOursToBrowsers(text), 'an allowed host is ours to a browser as well');
    const request = { url: text, headers: {} } as IncomingMessage;
    readTarget(request);
    promise(
      request.url === '*' || request.url?.startsWith('/') === true,
      'a target is a path, or an asterisk',
    );
  },
};

/** Where a browser would go for this host, by the URL standard. */
function isOursToBrowsers(host: string): boolean {
  const url = `http://${host}/`;
  if (!URL.canParse(url)) return /:\d+$/.test(host);
  const name = new URL(url).hostname.replace(/\.$/, '');
  const isAddress = isIP(name) !== 0 || (name.startsWith('[') && isIP(name.slice(1, -1)) !== 0);
  return isAddress || /(^|\.)localhost$/.test(name) || name === 'api.example.org';
}
