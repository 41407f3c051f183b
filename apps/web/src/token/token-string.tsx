import type { DecodedToken } from './decode.ts';

/** An encoded token, each of its three parts in its colour. */
export function TokenString({ parts: [header, payload, signature] }: Pick<DecodedToken, 'parts'>) {
  return (
    <code className="block font-mono text-[0.8125rem] leading-6 [overflow-wrap:anywhere] [word-break:break-all]">
      <span className="text-header">{header}</span>.<span className="text-payload">{payload}</span>.
      <span className="text-signature">{signature}</span>
    </code>
  );
}
