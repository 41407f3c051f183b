import type { DecodedToken } from '../../token/decode.ts';
import { TokenString } from '../../token/token-string.tsx';
import { Alert } from '../../ui/alert.tsx';
import { Panel } from '../../ui/panel.tsx';
import { CopyMenu } from './copy-menu.tsx';
import { PartTitle, TokenPart } from './token-part.tsx';

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
      actions={<CopyMenu token={token} decoded={decoded} />}
    >
      {decoded ? (
        <div className="grid gap-6">
          <div className="wire rounded-xl p-4 sm:p-5">
            <TokenString parts={decoded.parts} />
          </div>
          <div className="grid gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
            <div className="grid content-start gap-6">
              <TokenPart
                name="Header"
                meaning="how it is signed"
                members={decoded.header}
                now={now}
                colour="text-header"
                bar="bg-header"
              />
              <SignaturePart algorithm={decoded.algorithm} />
            </div>
            <TokenPart
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
