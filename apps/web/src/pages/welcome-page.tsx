import { Carrier } from '@signet/contracts';
import { Link } from 'react-router';
import { TokenLegend } from '../token/token-legend.tsx';
import { buttonClass } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { advice, flowTexts, purpose } from './flow-texts.ts';
import { paths } from './paths.ts';
import { ToolLinks } from './tool-links.tsx';

const verbs = { bearer: 'Sign in with a bearer token', cookie: 'Sign in with a cookie' };

/** The overview for a visitor who is signed out: what Signet is, and three ways in. */
export function WelcomePage() {
  return (
    <Page title="One token, two ways to send it" tab="Overview" description={purpose}>
      <ToolLinks />
      <div className="wire rounded-2xl border border-line p-5 sm:p-6">
        <p className="mb-5 font-mono text-[0.8125rem] leading-6 [overflow-wrap:anywhere]">
          <span className="text-header">eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9</span>.
          <span className="text-payload">eyJzdWIiOiIxIiwiX3VpZCI6InRvYnkifQ</span>.
          <span className="text-signature">k7Qx3Vd0sYb1</span>
        </p>
        <TokenLegend />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 sm:gap-6 lg:grid-cols-[repeat(3,minmax(0,1fr))]">
        {Carrier.options.map((carrier) => (
          <Panel key={carrier} title={flowTexts[carrier].title} description={flowTexts[carrier].summary}>
            <Link
              to={{ pathname: paths.signIn, search: `?flow=${carrier}` }}
              className={buttonClass({ look: 'primary', size: 'small' })}
            >
              {verbs[carrier]}
            </Link>
          </Panel>
        ))}
        <Panel title="New here?" description="An account needs a name, a user ID and a password.">
          <Link to={paths.signUp} className={buttonClass({ size: 'small' })}>
            Create account
          </Link>
        </Panel>
      </div>
      <p className="text-muted text-sm">
        {advice}{' '}
        <Link to={paths.flows} className="underline underline-offset-4 hover:text-ink">
          What is the difference?
        </Link>
      </p>
    </Page>
  );
}
