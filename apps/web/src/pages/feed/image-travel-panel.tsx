import type { Carrier } from '@signet/contracts';
import { Link } from 'react-router';
import { Panel } from '../../ui/panel.tsx';
import { paths } from '../paths.ts';

const ways = {
  bearer: {
    description:
      'An <img> element cannot send an Authorization header, so your code fetches the bytes and shows them from memory.',
    lines: ['fetch(image, {', '  headers: { Authorization:', "    'Bearer …' } })", '<img src="blob:…">'],
    cost: 'Cost: one preflight per image URL, and the image has no URL to share.',
  },
  cookie: {
    description: 'The browser loads it like any image and adds the cookie automatically.',
    lines: ['<img src="…/image"', '  crossorigin=', '    "use-credentials">'],
    cost: 'No preflight and no script. CORS must allow credentials for exactly this origin.',
  },
} satisfies Record<Carrier, { description: string; lines: string[]; cost: string }>;

/** How the images on this page are loaded, which differs between the flows. */
export function ImageTravel({ carrier }: { carrier: Carrier }) {
  const { description, lines, cost } = ways[carrier];
  return (
    <>
      <p className="mb-3 text-muted text-sm">{description}</p>
      <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[0.8125rem] leading-6">
        <code>{lines.join('\n')}</code>
      </pre>
      <p className="mt-3 text-muted text-sm">{cost}</p>
      <p className="mt-3 text-sm">
        <Link to={`${paths.exchanges}?path=/image`} className="underline underline-offset-4">
          Show the image requests
        </Link>
      </p>
    </>
  );
}

export function ImageTravelPanel({ carrier }: { carrier: Carrier }) {
  return (
    <Panel title="How an image is loaded">
      <ImageTravel carrier={carrier} />
    </Panel>
  );
}
