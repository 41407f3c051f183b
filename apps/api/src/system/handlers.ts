import { createOpenApi, type JwkSet, type ProblemCode, problems } from '@signet/contracts';
import { AppError } from '../errors.ts';
import type { Handlers } from '../http/call.ts';
import { docsPage, problemPage } from './pages.ts';

type SystemHandlers = Pick<
  Handlers,
  'readHealth' | 'readReadiness' | 'readOpenApi' | 'readDocs' | 'readProblem' | 'readKeys' | 'readMetrics'
>;

const keptSeconds = 'public, max-age=300';

type AboutDeps = {
  readonly jwks: JwkSet;
  readonly isReady: () => Promise<boolean>;
  readonly readMetrics: () => Promise<string>;
};

export function createSystemHandlers({ jwks, isReady, readMetrics }: AboutDeps): SystemHandlers {
  const openApi = createOpenApi();
  const docs = docsPage();

  return {
    readHealth: () => ({ status: 'ok' }),

    async readReadiness() {
      if (await isReady()) return { status: 'ready' };
      throw new AppError('not_ready', 'The database is not migrated', { retryAfterSeconds: 2 });
    },

    readMetrics,

    readOpenApi(_call, reply) {
      reply.cacheControl(keptSeconds);
      return openApi;
    },

    readDocs(_call, reply) {
      reply.cacheControl(keptSeconds);
      return docs;
    },

    readProblem({ params: { code } }, reply) {
      if (!Object.hasOwn(problems, code)) throw new AppError('not_found', 'There is no problem of this name');
      reply.cacheControl(keptSeconds);
      return problemPage(code as ProblemCode);
    },

    readKeys(_call, reply) {
      reply.cacheControl(keptSeconds);
      return jwks;
    },
  };
}
