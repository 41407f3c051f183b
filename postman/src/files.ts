import { createCollection, createDeployedEnvironment, createLocalEnvironment } from './collection.ts';

/**
 * The texts of the files in `postman/`, by name. Users import them into
 * Postman, and `npm run generate` writes them.
 */
export function postmanFiles(): Record<string, string> {
  const files = {
    'Signet.postman_collection.json': createCollection(),
    'Local.postman_environment.json': createLocalEnvironment(),
    'Deployed.postman_environment.json': createDeployedEnvironment(),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, `${JSON.stringify(content, null, 2)}\n`]),
  );
}
