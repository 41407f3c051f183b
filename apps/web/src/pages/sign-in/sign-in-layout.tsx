import type { Carrier } from '@signet/contracts';
import type { ReactNode } from 'react';
import { TokenLegend } from '../../token/token-legend.tsx';
import { PageHeading } from '../../ui/page.tsx';
import { purpose } from '../flow-texts.ts';
import { ToolLinks } from '../tool-links.tsx';
import { type Attempt, FlowPreview } from './flow-preview.tsx';

type SignInLayoutProps = {
  title: string;
  /** Why the visitor is here, in one line. */
  reason?: string | undefined;
  carrier: Carrier;
  attempt: Attempt | undefined;
  children: ReactNode;
};

/** The form on one side; on the other what Signet is, and the requests that the form will send. */
export function SignInLayout({ title, reason, carrier, attempt, children }: SignInLayoutProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-10 lg:grid-cols-[repeat(2,minmax(0,1fr))] xl:gap-x-12">
      <title>{`${title} · Signet`}</title>
      <div className="mx-auto grid w-full max-w-lg content-start gap-5">
        <div>
          <PageHeading>{title}</PageHeading>
          {reason && <p className="mt-1 text-muted [overflow-wrap:anywhere]">{reason}</p>}
        </div>
        {children}
      </div>
      <aside
        aria-label="What happens"
        className="wire grid content-start gap-7 rounded-2xl border border-line p-5 sm:p-8"
      >
        <p className="text-pretty font-semibold text-xl leading-snug tracking-tight">{purpose}</p>
        <ToolLinks />
        <TokenLegend />
        <FlowPreview carrier={carrier} attempt={attempt} />
      </aside>
    </div>
  );
}
