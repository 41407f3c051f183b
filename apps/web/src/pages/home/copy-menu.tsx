import { useAuth } from '../../session/auth-context.tsx';
import type { DecodedToken } from '../../token/decode.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

/** The token, what is in it, and a call with it, each to be copied. */
export function CopyMenu({ token, decoded }: { token: string; decoded: DecodedToken | null }) {
  const { apiUrl } = useAuth();
  const copies = [
    ['Token', 'Copy the token', token],
    ...(decoded ? [['JSON', 'Copy header and payload as JSON', jsonOf(decoded)] as const] : []),
    ['curl', 'Copy the call of /protected for curl', curlOf(apiUrl, token)],
    ['fetch', 'Copy the call of /protected for fetch', fetchOf(apiUrl)],
  ] as const;
  return (
    <div className="flex flex-wrap gap-2">
      {copies.map(([text, label, content]) => (
        <CopyButton key={text} text={content} label={label} name={text} />
      ))}
    </div>
  );
}

function jsonOf({ header, payload }: DecodedToken): string {
  return JSON.stringify({ header, payload }, null, 2);
}

function curlOf(apiUrl: string, token: string): string {
  return `curl '${apiUrl}/protected' -H 'Authorization: Bearer ${token}'`;
}

/** Reads the token when it runs, as a page does: the text has no secret in it. */
function fetchOf(apiUrl: string): string {
  return `await fetch('${apiUrl}/protected', {
  headers: { Authorization: \`Bearer \${localStorage.getItem('jwt-token')}\` },
}).then((response) => response.json())`;
}
