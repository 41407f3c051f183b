import { Carrier } from '@signet/contracts';
import { type ReactNode, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import { LogoMark } from '../../ui/logo.tsx';
import { ThemeToggle } from '../../ui/theme-toggle.tsx';
import { paths } from '../paths.ts';
import { FlowPreview } from './flow-preview.tsx';

/** The chosen flow. It is in the address as well, so that the sign-in and the sign-up page share it. */
export function useChosenFlow(): [Carrier, (carrier: Carrier) => void] {
  const [search, setSearch] = useSearchParams();
  const [chosen, setChosen] = useState<Carrier>(() => Carrier.safeParse(search.get('flow')).data ?? 'bearer');
  const { state } = useLocation();
  const choose = (carrier: Carrier) => {
    setChosen(carrier);
    setSearch({ flow: carrier }, { replace: true, preventScrollReset: true, state });
  };
  return [chosen, choose];
}

type SignInLayoutProps = { title: string; carrier: Carrier; children: ReactNode };

/** The form on one side; on the other the requests that it will send. */
export function SignInLayout({ title, carrier, children }: SignInLayoutProps) {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <title>{`${title} · Signet`}</title>
      <div className="flex flex-col px-5 py-5 sm:px-10">
        <header className="flex items-center justify-between">
          <Link to={paths.home} aria-label="Signet" className="inline-flex items-center gap-2.5 rounded-md">
            <LogoMark className="size-5" />
            <span className="font-semibold text-lg tracking-tight">Signet</span>
          </Link>
          <ThemeToggle />
        </header>
        <main className="mx-auto grid w-full max-w-lg grow content-center gap-6 py-8">
          <h1 className="font-semibold text-3xl tracking-tight">{title}</h1>
          {children}
        </main>
      </div>
      <aside aria-label="What happens" className="wire border-line px-5 py-12 sm:px-10 lg:border-l lg:px-14">
        <div className="mx-auto grid w-full max-w-lg gap-10 lg:sticky lg:top-10 lg:min-h-[calc(100dvh-5rem)] lg:content-center">
          <div>
            <p className="text-balance font-semibold text-3xl leading-[1.15] tracking-tight sm:text-4xl">
              One token, two ways to send it. See both, step by step.
            </p>
            <TokenLegend />
          </div>
          <FlowPreview carrier={carrier} />
        </div>
      </aside>
    </div>
  );
}

function TokenLegend() {
  return (
    <dl className="mt-7 grid grid-cols-[2fr_5fr_3fr] gap-1.5 text-xs">
      {[
        ['header', 'how it is signed', 'bg-header'] as const,
        ['payload', 'who it is for and until when', 'bg-payload'] as const,
        ['signature', 'proof that nothing was changed', 'bg-signature'] as const,
      ].map(([part, meaning, colour]) => (
        <div key={part} className="grid content-start gap-1">
          <span aria-hidden className={`mb-1.5 h-2 rounded-full ${colour}`} />
          <dt className="font-medium font-mono">{part}</dt>
          <dd className="text-muted">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
