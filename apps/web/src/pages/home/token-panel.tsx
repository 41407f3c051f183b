import { z } from 'zod';
import { explanations, timeClaims } from '../../token/claims.ts';
import type { DecodedToken } from '../../token/decode.ts';
import { TokenString } from '../../token/token-string.tsx';
import { Alert } from '../../ui/alert.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { absoluteTime, relativeTime } from '../../ui/time.tsx';

const JsonObject = z.record(z.string(), z.unknown());

/** The token of the bearer flow, which script can read: encoded and decoded. */
export function TokenPanel({
  token,
  decoded,
  now,
}: {
  token: string;
  decoded: DecodedToken | null;
  now: number;
}) {
  return (
    <Panel
      title="The token"
      description="Stored in localStorage as jwt-token. Anyone who has it can read it; only the API's key can create one."
      actions={<CopyButton text={token} label="Copy the token" />}
    >
      {decoded ? (
        <div className="grid gap-6">
          <div className="wire rounded-xl p-4 sm:p-5">
            <TokenString parts={decoded.parts} />
          </div>
          <div className="grid gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
            <div className="grid content-start gap-6">
              <Part
                name="Header"
                meaning="how it is signed"
                members={decoded.header}
                now={now}
                colour="text-header"
                bar="bg-header"
              />
              <SignaturePart algorithm={decoded.algorithm} />
            </div>
            <Part
              name="Payload"
              meaning="the claims"
              members={decoded.payload}
              now={now}
              colour="text-payload"
              bar="bg-payload"
            />
          </div>
        </div>
      ) : (
        <Alert title="This token cannot be decoded">
          <p>The stored value looks like a token but cannot be decoded. The API will reject it.</p>
        </Alert>
      )}
    </Panel>
  );
}

type PartProps = {
  name: string;
  meaning: string;
  members: unknown;
  now: number;
  colour: string;
  bar: string;
};

function Part({ name, meaning, members, now, colour, bar }: PartProps) {
  const entries = Object.entries(JsonObject.safeParse(members).data ?? {});
  return (
    <div className="min-w-0">
      <PartTitle name={name} meaning={meaning} colour={colour} bar={bar} />
      <dl className="divide-y divide-line">
        {entries.map(([member, value]) => (
          <Member key={member} member={member} value={value} now={now} colour={colour} />
        ))}
      </dl>
    </div>
  );
}

function PartTitle({
  name,
  meaning,
  colour,
  bar,
}: {
  name: string;
  meaning: string;
  colour: string;
  bar: string;
}) {
  return (
    <h3 className="mb-1 flex items-center gap-2 text-sm">
      <span aria-hidden className={`h-4 w-1 rounded-full ${bar}`} />
      <span className={`font-semibold ${colour}`}>{name}</span>
      <span className="text-muted">{meaning}</span>
    </h3>
  );
}

function Member({
  member,
  value,
  now,
  colour,
}: {
  member: string;
  value: unknown;
  now: number;
  colour: string;
}) {
  const explanation = explanations[member];
  const isTime = timeClaims.includes(member) && typeof value === 'number';
  return (
    <div className="grid gap-x-4 py-2.5 text-sm sm:grid-cols-[3.5rem_minmax(0,1fr)]">
      <dt className={`font-medium font-mono ${colour}`}>{member}</dt>
      <dd className="min-w-0">
        <span className="font-mono text-[0.8125rem] [overflow-wrap:anywhere]">{JSON.stringify(value)}</span>
        {isTime && (
          <span className="block tabular-nums">
            {absoluteTime(value * 1000)}, {relativeTime(value * 1000, now)}
          </span>
        )}
        {explanation && (
          <span className="block text-muted">
            {explanation.meaning}{' '}
            {explanation.source && (
              <a
                href={explanation.source.url}
                target="_blank"
                rel="noreferrer"
                className="whitespace-nowrap text-xs underline decoration-edge/60 underline-offset-3 hover:text-ink"
              >
                {explanation.source.name}
              </a>
            )}
          </span>
        )}
      </dd>
    </div>
  );
}

function SignaturePart({ algorithm = '' }: { algorithm: string | undefined }) {
  const isShared = algorithm.startsWith('HS');
  return (
    <div>
      <PartTitle name="Signature" meaning="proof" colour="text-signature" bar="bg-signature" />
      <p className="pt-1.5 text-muted text-sm">
        {isShared
          ? `${algorithm} over the two parts before it, with a secret only the API knows, so this page cannot check it; the API's answer above does.`
          : 'Made over the two parts before it with a private key only the API has. Its public key is at /.well-known/jwks.json.'}{' '}
        Changing one character makes it invalid.
      </p>
    </div>
  );
}
