import type { RefusalRule } from '@signet/contracts';
import { headerOf, isSignet, nameOf, problemCodeOf } from '../answers.ts';
import type { CauseId } from '../causes/index.ts';
import { type CallFacts, type Facts, isAnswer, type TokenForm } from '../facts.ts';
import type { Observation } from '../finding.ts';

/** T: the token. */
export function observeToken(facts: Facts): Observation[] {
  return [...observeProbe(facts), ...(facts.call ? observeCall(facts.call) : [])].map((each) => ({
    breaks: ['token'],
    ...each,
  }));
}

/** T18: Signet says of a bad token that it is bad, and only of none that it is missing. */
function observeProbe({ probe, trace }: Facts): Observation[] {
  const sent = probe?.withAuthorization;
  if (!probe || !sent || !isAnswer(sent.outcome) || !isSignet(probe)) return [];
  const id = headerOf(sent.outcome, 'x-request-id');
  const exchange = trace?.find(({ request_id }) => id !== undefined && request_id === id);
  // The probe's header is bad syntax, which is 400; another header than that one is refused otherwise.
  const code = problemCodeOf(sent.outcome);
  const isMissing = exchange ? !exchange.headers.includes('authorization') : code === 'token_missing';
  // One word is left of it, or a fresh token of the probe's own sign-in is bad syntax at every call.
  const isCut = exchange?.token?.scheme === 'none' || probe.sameToken?.every((status) => status === 400);
  const isAnother = !isMissing && (sent.outcome.status === 401 || isCut === true);
  if (!isMissing && !isAnother) return [];
  return [
    {
      id: 'authorization-stripped',
      certainty: 'proved',
      ...(isAnother && { says: 'Authorization was sent, and another one arrived.' }),
      evidence: [
        {
          witness: 'probe',
          saw: `${nameOf(sent)} was sent with Authorization: Bearer, and answered ${code}.`,
        },
        ...(exchange && isMissing
          ? [{ witness: 'api', saw: 'It arrived without Authorization.' } as const]
          : []),
      ],
    },
  ];
}

/** The cause behind each rule by which the verifier refuses. */
const causeOfRule: Partial<Record<RefusalRule, CauseId>> = {
  'token-size': 'too-big',
  'token-shape': 'truncated',
  base64url: 'truncated',
  typ: 'wrong-kind',
  alg: 'alg',
  kid: 'key-changed',
  signature: 'changed',
  iss: 'other-issuer',
  aud: 'other-issuer',
  exp: 'expired',
  carrier: 'wrong-carrier',
  'bearer-syntax': 'scheme-twice',
};

function observeCall(call: CallFacts): Observation[] {
  const { outcome, authorization, exchange } = call;
  if (outcome.kind !== 'answered' || ![400, 401].includes(outcome.status)) return [];
  const form = authorization && ofForm(authorization);
  if (form) return [form];
  const setHeader = call.headers.some((name) => name.toLowerCase() === 'authorization');
  const arrived = exchange?.headers.includes('authorization');
  // In mode no-cors the browser itself leaves the header out.
  if (setHeader && exchange && !arrived && call.mode !== 'no-cors' && !outcome.isRedirected)
    return [
      {
        id: 'authorization-stripped',
        certainty: 'proved',
        evidence: [
          { witness: 'page', saw: 'The page set Authorization.' },
          { witness: 'api', saw: 'The request arrived without it.' },
        ],
      },
    ];
  const rule = exchange?.problem?.rule;
  const saw = (text: string) => [{ witness: 'api', saw: text }] as const;
  if (arrived && rule !== undefined && exchange?.cookies.some((name) => /jwt$/.test(name)))
    return [
      {
        id: 'header-wins',
        certainty: 'proved',
        evidence: saw(`The header was refused by the rule ${rule}; the cookie was not read.`),
      },
    ];
  if (rule === 'two-cookies')
    return [
      {
        id: 'two-of-one-name',
        certainty: 'proved',
        breaks: ['cookies'],
        evidence: saw('The access cookie came twice.'),
      },
    ];
  if (rule === 'kid' && exchange?.token?.carrier === 'cookie' && call.justSignedIn)
    return [
      {
        id: 'same-name-other-app',
        certainty: 'proved',
        evidence: saw('The cookie was signed with a key of another program.'),
      },
    ];
  const cause = rule && causeOfRule[rule];
  if (cause) return [{ id: cause, certainty: 'proved', evidence: saw(`Refused by the rule ${rule}.`) }];
  if (outcome.code === 'token_expired')
    return [
      {
        id: 'expired',
        certainty: 'proved',
        evidence: [{ witness: 'page', saw: 'The answer says token_expired.' }],
      },
    ];
  const misplaced = ['query', 'body', 'other-header'].find((each) => authorization?.place === each);
  if (misplaced !== undefined)
    return [
      {
        id: 'wrong-place',
        certainty: 'proved',
        evidence: [{ witness: 'page', saw: `The token is in the ${misplaced}.` }],
      },
    ];
  if (
    outcome.code === 'token_missing' &&
    !setHeader &&
    (exchange ? exchange.cookies.length === 0 : true) &&
    call.credentials !== 'omit' &&
    !isCookieCall(call)
  )
    return [
      {
        id: 'no-token',
        certainty: exchange ? 'proved' : 'possible',
        evidence: [{ witness: 'page', saw: 'The page set no Authorization.' }],
      },
    ];
  return [];
}

function isCookieCall({ credentials, othersCarryCookies }: CallFacts): boolean {
  return credentials === 'include' || othersCarryCookies === true;
}

/** What the form of a token alone shows. */
function ofForm(form: TokenForm): Observation | undefined {
  const found = (id: CauseId, saw: string): Observation => ({
    id,
    certainty: 'proved',
    evidence: [{ witness: 'page', saw }],
  });
  if (form.place !== 'header' && form.place !== 'cookie') return undefined;
  if (form.verifiesAsBase64)
    return found('secret-encoding', 'With the secret read as base64 the signature is right.');
  if (form.placeholder !== undefined)
    return found('literal-undefined', `The token is the word ${form.placeholder}.`);
  if (form.isQuoted) return found('quoted', 'The token begins and ends with a quotation mark.');
  if (form.scheme === 'twice') return found('scheme-twice', 'Bearer is followed by Bearer.');
  if (form.scheme === 'none' && form.place === 'header') return found('no-scheme', 'The header is one word.');
  if (form.bytes > 4096) return found('too-big', `The token has ${form.bytes} bytes.`);
  if (form.parts === 5 || (form.kind !== undefined && form.kind !== 'access'))
    return found(
      'wrong-kind',
      form.parts === 5 ? 'The token has five parts, so it is encrypted.' : `It is of the kind ${form.kind}.`,
    );
  const isCut = form.parts !== 3 || (form.signatureBytes !== undefined && form.signatureBytes < 32);
  return isCut
    ? found('truncated', `The token has ${form.parts} of 3 parts and ${form.bytes} bytes.`)
    : undefined;
}
