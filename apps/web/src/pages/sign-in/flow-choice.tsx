import { Carrier } from '@signet/contracts';
import { Cookie, KeyRound, Minus, Plus } from 'lucide-react';
import { useId } from 'react';
import { flowTexts } from './flow-texts.ts';
import { cookieNeedsHttps, isPlainHttp } from './plain-http.ts';

const icons = { bearer: KeyRound, cookie: Cookie };

/** The choice between the two flows, each with one argument for and one against. */
export function FlowChoice({ chosen, onChoose }: { chosen: Carrier; onChoose: (carrier: Carrier) => void }) {
  const id = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">How should your browser keep and send the token?</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {Carrier.options.map((carrier) => {
          const { title, summary, pro, con } = flowTexts[carrier];
          const Icon = icons[carrier];
          return (
            <label
              key={carrier}
              className="group relative grid cursor-pointer content-start gap-2.5 rounded-xl border border-edge/60 bg-surface p-4 transition-colors hover:border-edge has-checked:border-ink has-checked:ring-1 has-checked:ring-ink has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2"
            >
              <input
                type="radio"
                name={id}
                value={carrier}
                checked={chosen === carrier}
                onChange={() => onChoose(carrier)}
                aria-labelledby={`${id}-${carrier}-title`}
                aria-describedby={`${id}-${carrier}-description`}
                className="absolute inset-0 size-full cursor-pointer appearance-none rounded-xl outline-none"
              />
              <span className="flex items-center gap-2">
                <Icon aria-hidden className="size-4.5" />
                <span id={`${id}-${carrier}-title`} className="font-semibold">
                  {title}
                </span>
                <span
                  aria-hidden
                  className="ml-auto size-4 rounded-full border border-edge bg-surface group-has-checked:border-[5px] group-has-checked:border-ink"
                />
              </span>
              <span id={`${id}-${carrier}-description`} className="grid gap-1.5 text-sm leading-snug">
                <span>{summary}</span>
                <span className="flex gap-1.5 text-muted">
                  <Plus aria-hidden className="mt-0.5 size-3.5 shrink-0" />
                  {pro}
                </span>
                <span className="flex gap-1.5 text-muted">
                  <Minus aria-hidden className="mt-0.5 size-3.5 shrink-0" />
                  {con}
                </span>
              </span>
            </label>
          );
        })}
      </div>
      {chosen === 'cookie' && isPlainHttp(window.location.href) && (
        <p role="status" className="mt-3 rounded-lg border border-line bg-sunken px-3 py-2 text-sm">
          {cookieNeedsHttps}
        </p>
      )}
    </fieldset>
  );
}
