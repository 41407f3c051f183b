import { z } from 'zod';
import { explanations, timeClaims } from '../../token/claims.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { absoluteTime, relativeTime } from '../../ui/time.tsx';

const JsonObject = z.record(z.string(), z.unknown());

type PartProps = {
  name: string;
  meaning: string;
  members: unknown;
  now: number;
  colour: string;
  bar: string;
};

/** The header or the payload of a token: its members, each with its meaning and source where we know them. */
export function TokenPart({ name, meaning, members, now, colour, bar }: PartProps) {
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

/** The heading of a part, in the colour that the part has in the encoded token. */
export function PartTitle({
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
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 py-2.5 text-sm sm:grid-cols-[3.5rem_minmax(0,1fr)_auto]">
      <dt className={`col-span-2 font-medium font-mono sm:col-span-1 ${colour}`}>{member}</dt>
      <dd className="min-w-0">
        <span className="font-mono text-[0.8125rem] [overflow-wrap:anywhere]">{JSON.stringify(value)}</span>
        {isTime && (
          <span className="block tabular-nums">
            {`${absoluteTime(value * 1000)}, ${relativeTime(value * 1000, now)}`}
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
      <dd>
        <CopyButton
          text={typeof value === 'string' ? value : JSON.stringify(value)}
          label={`Copy ${member}`}
          name=""
        />
      </dd>
    </div>
  );
}
