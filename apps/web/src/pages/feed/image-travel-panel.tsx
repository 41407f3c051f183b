import type { Carrier } from '@signet/contracts';
import { Panel } from '../../ui/panel.tsx';

const ways = {
  bearer: {
    description:
      'An image element sends no Authorization header, so your code fetches the bytes and shows them from memory.',
    lines: ['fetch(image, {', '  headers: { Authorization:', "    'Bearer …' } })", '<img src="blob:…">'],
    cost: 'A preflight for each image’s address, and no address that could be shared or bookmarked.',
  },
  cookie: {
    description: 'The browser asks for it like for any image, and the cookie goes along by itself.',
    lines: ['<img src="…/image"', '  crossorigin=', '    "use-credentials">'],
    cost: 'No preflight and no script. CORS has to allow credentials for this very origin.',
  },
} satisfies Record<Carrier, { description: string; lines: string[]; cost: string }>;

/** How the images on this page were fetched: in each flow differently. */
export function ImageTravelPanel({ carrier }: { carrier: Carrier }) {
  const { description, lines, cost } = ways[carrier];
  return (
    <Panel title="How an image travels" description={description}>
      <pre className="overflow-x-auto rounded-lg bg-header/8 px-3 py-2 font-mono text-[0.8125rem] text-header leading-6">
        <code>{lines.join('\n')}</code>
      </pre>
      <p className="mt-3 text-muted text-sm">{cost}</p>
    </Panel>
  );
}
