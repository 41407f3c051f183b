import { type Answer, isAnswer, type ProbeFacts, type Sent } from './facts.ts';

/** Every line of a header, in order. */
export function linesOf({ headers }: Answer, name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value.trim());
}

/** The header as one list, which is how browsers read most headers (RFC 9110, section 5.3). */
export function headerOf(answer: Answer, name: string): string | undefined {
  const lines = linesOf(answer, name);
  return lines.length === 0 ? undefined : lines.join(', ');
}

/** The names in a comma list. */
export function listOf(answer: Answer, name: string): string[] {
  return (headerOf(answer, name) ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** A request together with its answer, for requests that were answered. */
export type Answered = Sent & { readonly outcome: Answer };

export function answered(sent: readonly Sent[]): Answered[] {
  return sent.filter((each): each is Answered => isAnswer(each.outcome));
}

/** The code of a problem in Signet's form (RFC 9457); undefined for any other answer. */
export function problemCodeOf(answer: Answer): string | undefined {
  const { code, request_id } = membersOf(answer.body);
  return typeof code === 'string' && typeof request_id === 'string' ? code : undefined;
}

/** Whether Signet answered one of the requests, by the form of its problems. */
export function isSignet({ reads, guarded, preflights }: ProbeFacts): boolean {
  return answered([...reads, ...guarded, ...preflights]).some(
    ({ outcome }) => problemCodeOf(outcome) !== undefined,
  );
}

export const isHtml = (answer: Answer): boolean =>
  /^text\/html\b/i.test(headerOf(answer, 'content-type') ?? '');

/** A request, as evidence names it. */
export function nameOf({ method, path, asked }: Sent): string {
  return asked ? `the preflight of ${asked.method} ${path}` : `${method} ${path}`;
}

/** The members of a JSON object; an empty object for any other text. */
export function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
