import { endpoints } from '@signet/contracts';
import { useAuth } from '../../session/auth-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';

const witnesses = [
  ['Page', 'What JavaScript asked for, and what it could read of the answer.'],
  ['Browser', 'The preflight and the cookies, which JavaScript never sees.'],
  ['API', 'What it granted, which step decided, and by which rule.'],
  ['Database', 'How long its answers took.'],
] as const;

const trials = [
  ['GET /protected', 'What added the token or the cookie to the call.'],
  ['A preflight', 'What the browser asks first because of the header Authorization.'],
  ['A refusal', 'Which step refused a call without a token, and by which rule.'],
] as const;

/** What the log can show, as long as no call is chosen. */
export function ReadingGuide() {
  const { apiUrl } = useAuth();
  const command = `curl -i ${new URL(endpoints.readProtected.path, apiUrl)}`;
  return (
    <Panel
      title="What happened in a call"
      description="Choose a call in the list, or make one with the buttons above."
    >
      <div className="grid gap-6 text-sm xl:grid-cols-2">
        <Terms terms={witnesses} />
        <div className="grid content-start gap-3">
          <Terms terms={trials} />
          <p>
            <span className="block font-medium">From a terminal</span>
            <span className="text-muted">
              A program has no origin, needs no permission, and appears here too.
            </span>
          </p>
          <div className="flex flex-wrap items-center gap-2">
            <code className="min-w-0 font-mono text-[0.8125rem] [overflow-wrap:anywhere]">{command}</code>
            <CopyButton text={command} label="Copy the command" />
          </div>
        </div>
      </div>
    </Panel>
  );
}

function Terms({ terms }: { terms: readonly (readonly [term: string, meaning: string])[] }) {
  return (
    <dl className="grid content-start gap-3">
      {terms.map(([term, meaning]) => (
        <div key={term}>
          <dt className="font-medium">{term}</dt>
          <dd className="text-muted">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
