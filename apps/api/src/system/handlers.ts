import { type JwkSet, type ProblemCode, problems } from '@signet/contracts';
import { createOpenApi } from '@signet/contracts/openapi';
import { AppError } from '../errors.ts';
import type { Handlers } from '../http/call.ts';
import { type MetricsAccess, refuseStrangers } from './metrics-access.ts';
import { docsPage, problemPage } from './pages.ts';
import { createViewerReader, type ViewerFile, viewerFiles, viewerPolicy } from './viewer-files.ts';

type SystemHandlers = Pick<
  Handlers,
  | 'readHealth'
  | 'readReadiness'
  | 'readOpenApi'
  | 'readDocs'
  | 'readDocsFile'
  | 'readProblem'
  | 'readKeys'
  | 'readMetrics'
>;

/** These answers are the same for every caller and change with a deployment only. */
const publicForFiveMinutes = 'public, max-age=300';

type SystemDeps = {
  readonly jwks: JwkSet;
  /** Whether the database answers and has every migration. */
  readonly isReady: () => Promise<boolean>;
  /** In Prometheus's text format. */
  readonly readMetrics: () => Promise<string>;
  readonly metricsAccess: MetricsAccess;
};

/**
 * Handlers for what tells about the API itself: health, metrics, the OpenAPI document, the pages and the
 * public keys. The reference page is made once, here; the document once, when it is first asked for, because
 * that takes a tenth of a second, which would delay each start. Readiness throws `not_ready` until `isReady`
 * resolves to true, an unknown problem or file `not_found`.
 */
export function createSystemHandlers({
  jwks,
  isReady,
  readMetrics,
  metricsAccess,
}: SystemDeps): SystemHandlers {
  let openApi: ReturnType<typeof createOpenApi> | undefined;
  const docs = docsPage();
  const viewer = createViewerReader();

  return {
    readHealth: () => ({ status: 'ok' }),

    async readReadiness() {
      if (await isReady()) return { status: 'ready' };
      throw new AppError('not_ready', 'The database is not migrated', { retryAfterSeconds: 2 });
    },

    readMetrics({ headers }) {
      refuseStrangers(metricsAccess, headers.authorization);
      return readMetrics();
    },

    readOpenApi(_call, reply) {
      reply.cacheControl(publicForFiveMinutes);
      openApi ??= createOpenApi();
      return openApi;
    },

    readDocs(_call, reply) {
      reply.cacheControl(publicForFiveMinutes);
      reply.contentPolicy(viewerPolicy);
      return docs;
    },

    async readDocsFile({ params: { file } }, reply) {
      if (!Object.hasOwn(viewerFiles, file)) throw new AppError('not_found', 'There is no file of this name');
      const name = file as ViewerFile;
      reply.cacheControl(publicForFiveMinutes);
      return reply.etag(await viewer.tagOf(name)) ? undefined : viewer.open(name);
    },

    readProblem({ params: { code } }, reply) {
      if (!Object.hasOwn(problems, code)) throw new AppError('not_found', 'There is no problem of this name');
      reply.cacheControl(publicForFiveMinutes);
      return problemPage(code as ProblemCode);
    },

    readKeys(_call, reply) {
      reply.cacheControl(publicForFiveMinutes);
      return jwks;
    },
  };
}
