import type { CDPSession } from 'playwright-core';

/** A request as Chromium itself reports it. A redirect is a further one with the same id. */
export type NetworkRequest = {
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly isPreflight: boolean;
  /** Of a preflight: the id of the request that it asks for. */
  readonly askedFor: string | undefined;
  readonly isRedirect: boolean;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
};

/** Collects what Chromium reports of the requests of a page, their headers as they were sent and answered among it. */
export async function watchNetwork(client: CDPSession) {
  const requests: NetworkRequest[] = [];
  const sent = new Map<string, Record<string, string>[]>();
  const answered = new Map<string, Record<string, string>[]>();
  client.on('Network.requestWillBeSent', ({ requestId, request, initiator, redirectResponse, wallTime }) => {
    const isPreflight = initiator.type === 'preflight';
    requests.push({
      id: requestId,
      url: request.url,
      method: request.method,
      isPreflight,
      askedFor: isPreflight ? initiator.requestId : undefined,
      isRedirect: redirectResponse !== undefined,
      sentAt: wallTime * 1000,
    });
  });
  client.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) =>
    sent.set(requestId, [...(sent.get(requestId) ?? []), lowerCased(headers)]),
  );
  client.on('Network.responseReceivedExtraInfo', ({ requestId, headers }) =>
    answered.set(requestId, [...(answered.get(requestId) ?? []), lowerCased(headers)]),
  );
  await client.send('Network.enable');
  return {
    count: () => requests.length,
    /** Those after the first `count`, with their preflights, that began at this address. */
    startedAt(url: string, count: number): NetworkRequest[] {
      const fresh = requests.slice(count);
      const ids = new Set(fresh.filter((each) => !each.isRedirect && each.url === url).map(({ id }) => id));
      const isOf = ({ id, askedFor }: NetworkRequest) => ids.has(askedFor ?? id);
      return fresh.filter(isOf);
    },
    headersSent: ({ id }: NetworkRequest) => sent.get(id) ?? [],
    headersAnswered: ({ id }: NetworkRequest) => answered.get(id) ?? [],
  };
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
