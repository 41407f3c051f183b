import { type Cause, sources } from './cause.ts';

/** O: who asks. */
export const origin = {
  'origin-not-listed': {
    code: 'O1',
    says: 'The API does not allow this origin.',
    seen: 'The console says that Access-Control-Allow-Origin is missing.',
    why: 'The API allows other origins, so CORS works; its list lacks exactly this one.',
    fix: [
      { for: 'signet', do: 'Add the origin to the list.', line: 'WEB_ORIGINS=http://localhost:4100' },
      {
        for: 'express',
        do: 'Add the origin to the list.',
        line: "cors({ origin: ['http://localhost:4100'], credentials: true })",
      },
    ],
    references: [sources.corsCheck],
  },
  'origin-spelling': {
    code: 'O2',
    says: 'The list of the API spells this origin otherwise than browsers do.',
    seen: 'The console says that the values do not match.',
    why: 'Origins are compared as text: no slash at the end, no path, lower case, no default port, no *.',
    fix: [
      { for: 'signet', do: 'Write the origin as browsers do.', line: 'WEB_ORIGINS=http://localhost:4100' },
    ],
    references: [sources.origin],
  },
  'loopback-names': {
    code: 'O3',
    says: 'The API allows the page under the other name of this machine only.',
    seen: 'The call is refused, or cookies disappear, although everything runs on one machine.',
    why: 'localhost and 127.0.0.1 are two origins, and two sites as well.',
    fix: [
      { for: 'browser', do: 'Open the page under the other name.', line: 'http://localhost:4100' },
      {
        for: 'signet',
        do: 'Or list both names.',
        line: 'WEB_ORIGINS=http://localhost:4100,http://127.0.0.1:4100',
      },
    ],
    references: [sources.origin, sources.sameSite],
  },
  'opaque-origin': {
    code: 'O4',
    says: 'This page has no origin of its own, so browsers send null.',
    seen: 'The console names the origin null.',
    why: 'Files, sandboxed frames and data: addresses are null, and every such page is: no list can name it safely.',
    fix: [{ for: 'shell', do: 'Serve the page over http.', line: 'npx vite' }],
    references: [sources.origin],
  },
  'page-moved-port': {
    code: 'O5',
    says: 'The page moved to another port, because its own was taken.',
    seen: 'The API refuses the page after a restart.',
    why: 'The development server took the next free port, and the list of the API names the first.',
    toBeSure: 'Compare the port in the address bar with the one in WEB_ORIGINS.',
    fix: [
      { for: 'shell', do: 'Stop the program that has the port, and start again.', line: 'lsof -i :4100' },
    ],
    references: [sources.origin],
  },
  'lan-or-tunnel': {
    code: 'O6',
    says: 'The page was opened under an address that the API does not list.',
    seen: 'It works on this machine, and not on a phone or through a tunnel.',
    why: 'The address of the network or of the tunnel is another origin than the loopback names.',
    toBeSure: 'Open the page as http://localhost:4100 on the machine of the API: it works there.',
    fix: [
      {
        for: 'signet',
        do: 'Add the origin, and choose the COOKIE_PROFILE that fits.',
        line: 'WEB_ORIGINS=https://…',
      },
    ],
    references: [sources.origin],
  },
  'origin-lost': {
    code: 'O7',
    says: 'Something between the page and the API removes or changes Origin.',
    seen: 'No permission for any origin, or a 403 of the origin guard.',
    why: 'The page sent one origin and the API saw another one, or none.',
    fix: [{ for: 'nginx', do: 'Pass Origin on as it came.', line: 'proxy_set_header Origin $http_origin;' }],
    references: [sources.origin],
  },
} as const satisfies Record<string, Cause>;
