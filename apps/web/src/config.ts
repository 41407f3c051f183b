import { isBare } from '@signet/contracts';
import { z } from 'zod';

const ConfigFile = z.strictObject({ api_url: z.string().min(1).nullable() });

export type Config = { readonly apiUrl: string };

/** The deployment's `config.json` is missing or invalid. The message is for the operator. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const;
}

/**
 * Fetches `/config.json` at every start, because one build serves every
 * deployment. Throws {@link ConfigError}.
 */
export async function loadConfig(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  location: PageLocation,
): Promise<Config> {
  const response = await fetch('/config.json', { cache: 'no-store' }).catch((cause: unknown) => {
    throw new ConfigError('/config.json could not be fetched.', { cause });
  });
  if (!response.ok) throw new ConfigError(`/config.json answered with status ${response.status}.`);
  const file: unknown = await response.json().catch((cause: unknown) => {
    throw new ConfigError('/config.json is not JSON.', { cause });
  });
  return readConfig(file, location);
}

type PageLocation = Pick<Location, 'protocol' | 'hostname' | 'origin'>;

/**
 * Reads `{ api_url }`. `null` means port 8086 of the host that the page was opened on: `localhost` and
 * `127.0.0.1` are different sites, and the browser sends no SameSite=Lax cookie from one to the other.
 * `{hostname}` stands for that host. A relative URL, such as `/`, means the page's own origin, so it needs a
 * page of http or https: the webview of an app has a scheme of its own, such as `capacitor:`.
 */
export function readConfig(file: unknown, location: PageLocation): Config {
  const parsed = ConfigFile.safeParse(file);
  if (!parsed.success)
    throw new ConfigError(
      `/config.json must be {"api_url": null} or {"api_url": "https://…"}. ${parsed.error.issues.map(({ message }) => message).join('. ')}.`,
    );
  const isWebPage = isWeb(location.protocol);
  const template = parsed.data.api_url ?? `${isWebPage ? location.protocol : 'http:'}//{hostname}:8086`;
  const text = template.replaceAll('{hostname}', location.hostname);
  const url = parseUrl(text, isWebPage ? location.origin : undefined);
  if (!url) throw new ConfigError(`api_url in /config.json is not a URL: ${text}`);
  if (!isBare(url) || !isWeb(url.protocol)) {
    throw new ConfigError(
      `api_url in /config.json must be an origin (scheme, host and port, nothing after it): ${text}`,
    );
  }
  return { apiUrl: url.origin };
}

function isWeb(protocol: string): boolean {
  return /^https?:$/.test(protocol);
}

function parseUrl(text: string, base: string | undefined): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}
