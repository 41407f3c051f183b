import { Carrier } from '@signet/contracts';
import { Cookie, KeyRound, Minus, Plus } from 'lucide-react';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import { advice, flowTexts } from '../flow-texts.ts';
import { paths } from '../paths.ts';
import { tools } from '../sections.ts';
import { cookieNeedsHttps, isPlainHttp } from './plain-http.ts';

const icons = { bearer: KeyRound, cookie: Cookie };

/** The choice between the two flows. The arguments for and against are folded where the window is narrow. */
export function FlowChoice({ chosen, onChoose }: { chosen: Carrier; onChoose: (carrier: Carrier) => void }) {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-balance font-medium text-sm">
        How should your browser keep and send the token?
      </legend>
      <div className="grid grid-cols-2 gap-1 rounded-xl border border-line bg-sunken p-1">
        {Carrier.options.map((carrier) => {
          const Icon = icons[carrier];
          return (
            <label
              key={carrier}
              className="relative flex h-9 cursor-pointer items-center justify-center gap-2 rounded-lg border border-transparent px-2 font-medium text-muted text-sm hover:text-ink has-checked:border-ink has-checked:bg-surface has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2 forced-colors:border-[Canvas] forced-colors:has-checked:border-[Highlight]"
            >
              <input
                type="radio"
                name={id}
                value={carrier}
                checked={chosen === carrier}
                onChange={() => onChoose(carrier)}
                aria-describedby={`${id}-summary`}
                className="absolute inset-0 size-full cursor-pointer appearance-none rounded-lg outline-none"
              />
              <Icon aria-hidden className="size-4 shrink-0" />
              <span>{flowTexts[carrier].title}</span>
            </label>
          );
        })}
      </div>
      <p id={`${id}-summary`} className="mt-2 text-sm">
        <Fitting
          text={flowTexts[chosen].summary}
          among={Carrier.options.map((carrier) => flowTexts[carrier].summary)}
        />
      </p>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={`${id}-arguments`}
        onClick={() => setIsOpen(!isOpen)}
        className="mt-1 rounded-sm text-muted text-sm underline underline-offset-4 hover:text-ink lg:hidden"
      >
        For and against
      </button>
      <Arguments id={`${id}-arguments`} className={isOpen ? 'grid' : 'hidden lg:grid'} chosen={chosen} />
      {chosen === 'cookie' && isPlainHttp(window.location.href) && (
        <p role="status" className="mt-3 rounded-lg border border-line bg-sunken px-3 py-2 text-sm">
          {cookieNeedsHttps}
        </p>
      )}
    </fieldset>
  );
}

function Arguments({ id, className, chosen }: { id: string; className: string; chosen: Carrier }) {
  const { pro, con } = flowTexts[chosen];
  const comparison = tools.find(({ to }) => to === paths.flows);
  return (
    <div id={id} className={`mt-2 gap-1.5 text-muted text-sm leading-snug ${className}`}>
      <p className="flex gap-1.5">
        <Plus role="img" aria-label="For:" className="mt-0.5 size-3.5 shrink-0" />
        <Fitting text={pro} among={Carrier.options.map((carrier) => flowTexts[carrier].pro)} />
      </p>
      <p className="flex gap-1.5">
        <Minus role="img" aria-label="Against:" className="mt-0.5 size-3.5 shrink-0" />
        <Fitting text={con} among={Carrier.options.map((carrier) => flowTexts[carrier].con)} />
      </p>
      <p className="mt-1">
        {advice}{' '}
        {comparison && (
          <Link to={comparison.to} className="underline underline-offset-4 hover:text-ink">
            What is the difference?
          </Link>
        )}
      </p>
    </div>
  );
}

/** One of several texts, in the room that the longest takes, so that nothing below moves when another is chosen. */
function Fitting({ text, among }: { text: string; among: readonly string[] }) {
  return (
    <span className="grid grow text-pretty">
      {among.map((each) => (
        <span
          key={each}
          aria-hidden={each !== text || undefined}
          className={`col-start-1 row-start-1 ${each === text ? '' : 'invisible'}`}
        >
          {each}
        </span>
      ))}
    </span>
  );
}
