import { ApiError, type Exchange, refusalRules } from '@signet/contracts';
import { Alert } from '../../ui/alert.tsx';
import { absoluteTime } from '../../ui/time.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { useTrace } from '../use-trace.ts';
import { rungOf } from './ladder.ts';

/** So many of the newest calls are listed. */
const most = 10;

/**
 * The tokens that the API saw of late, live and by their form: the trace has no token. With the id of an exchange, that one
 * alone.
 */
export function TracedTokens({ exchange }: { exchange: string | undefined }) {
  const { exchanges, error, refetch } = useTrace();
  if (isAbsent(error))
    return (
      <Alert tone="info" title="This API shows no log">
        <p>It keeps one only where nobody but its own machine reaches it.</p>
      </Alert>
    );
  if (error) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  const withToken = exchanges?.filter(({ token, request_id }) =>
    exchange === undefined ? token : request_id === exchange,
  );
  return (
    <div className="grid gap-3">
      <Alert tone="info" title="The log has the form of a token, and never a token">
        <p>Paste the token to see what is in it. Here is how it arrived, and by which rule it was refused.</p>
      </Alert>
      {withToken?.length === 0 && (
        <p className="text-muted text-sm">
          {exchange === undefined
            ? 'No call with a token is in the log.'
            : 'This call is no longer in memory.'}
        </p>
      )}
      {withToken && withToken.length > 0 && (
        <ol aria-label="Tokens in the log" className="divide-y divide-line border-line border-y text-sm">
          {withToken
            .slice(-most)
            .reverse()
            .map((each) => (
              <TracedToken key={each.id} exchange={each} />
            ))}
        </ol>
      )}
    </div>
  );
}

function isAbsent(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === 'not_found';
}

function TracedToken({ exchange }: { exchange: Exchange }) {
  const { at, method, route = 'an unknown path', status, token, problem } = exchange;
  const rule = problem?.rule;
  return (
    <li className="py-2.5 [overflow-wrap:anywhere]">
      <p className="font-medium">{`${method} ${route}, ${status}`}</p>
      <p className="text-muted tabular-nums">{absoluteTime(Date.parse(at))}</p>
      <p>{token ? formOf(token) : 'It carried no token.'}</p>
      {rule && (
        <p>
          Stopped at {rungOf[rule] ?? 'the request itself'}, by the rule{' '}
          <code className="font-mono">{rule}</code>: {refusalRules[rule].because}
        </p>
      )}
    </li>
  );
}

const placeholders = {
  undefined: 'the word undefined',
  null: 'the word null',
  object: '[object Object]',
  variable: 'the name of a variable that was not filled in',
} as const;

function formOf({
  carrier,
  scheme,
  parts,
  bytes,
  placeholder,
  is_quoted,
}: NonNullable<Exchange['token']>): string {
  const where = carrier === 'cookie' ? 'In the cookie' : `In Authorization, scheme ${scheme}`;
  const what = placeholder ? placeholders[placeholder] : `${parts} parts, ${bytes} bytes`;
  return `${where}: ${what}${is_quoted ? ', in quotation marks' : ''}.`;
}
