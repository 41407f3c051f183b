import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { faults } from '@signet/rig/faults';
import { type RefusedKind, refusedKinds } from './mint-refused-token.ts';
import type { FaultSwitch } from './switch.ts';

const mostBytes = 1000;

type ControlDeps = {
  readonly foreignPort: number;
  readonly faultPort: number;
  readonly faultSwitch: FaultSwitch;
  readonly mint: (kind: RefusedKind) => Promise<string>;
  readonly isAllowed: (key: Buffer) => boolean;
};

/**
 * `GET /setup` answers the faults and which of them the proxy has; `PUT /fault` chooses one, by `{ "id": … }` or
 * `{ "id": null }`; `POST /token` answers a token that the API must refuse, by `{ "kind": … }`.
 */
export function createControl(deps: ControlDeps): RequestListener {
  const { foreignPort, faultPort, faultSwitch, mint, isAllowed } = deps;
  const setup = () => ({
    foreign_port: foreignPort,
    fault_port: faultPort,
    fault: faultSwitch.chosen() ?? null,
    // Without the verdict: the learner finds it with the doctor.
    faults: faults.map(({ id, kind, of }) => ({ id, kind, of })),
  });
  return async (request, response) => {
    if (!isAllowed(Buffer.from(String(request.headers['x-lab-key'] ?? '')))) return answer(response, 403);
    const route = `${request.method} ${request.url}`;
    if (route === 'GET /setup') return answer(response, 200, setup());
    const body = await readJson(request);
    if (route === 'PUT /fault') {
      const id = body.id === null ? undefined : String(body.id);
      return faultSwitch.choose(id) ? answer(response, 200, setup()) : answer(response, 400);
    }
    const kind = refusedKinds.find((each) => each === body.kind);
    if (route === 'POST /token' && kind) return answer(response, 200, { token: await mint(kind) });
    return answer(response, route === 'POST /token' ? 400 : 404);
  };
}

function answer(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(body && JSON.stringify(body));
}

/** The members of the body; none where it is not one short JSON object. */
async function readJson(request: IncomingMessage): Promise<{ readonly [member: string]: unknown }> {
  let text = '';
  for await (const chunk of request) if (text.length <= mostBytes) text += chunk;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}
