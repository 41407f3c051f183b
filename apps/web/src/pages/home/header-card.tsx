import { z } from 'zod';
import type { DecodedToken } from '../../token/decode.ts';
import { Facts } from './facts.tsx';
import { HiddenFromPage, PartCard } from './part-card.tsx';

const JsonObject = z.record(z.string(), z.unknown());

/** How the token is signed: what its own header says. */
export function HeaderCard({ decoded }: { decoded: DecodedToken | null }) {
  const members = Object.entries(JsonObject.safeParse(decoded?.header).data ?? {});
  return (
    <PartCard part="header" title="How it is signed" colour="text-header" bar="bg-header">
      {decoded ? (
        <Facts facts={members.map(([name, value]) => [name, String(value)] as const)} />
      ) : (
        <HiddenFromPage>Hidden from this page, like the whole token.</HiddenFromPage>
      )}
      <p className="mt-4 text-muted text-sm">
        The header of the token, not of the request. The API accepts only the algorithm that belongs to the
        key.
      </p>
    </PartCard>
  );
}
