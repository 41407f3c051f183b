import { ApiError } from '@signet/contracts';
import { problemTexts } from './problem-texts.ts';

/**
 * Shows the API's issues beside their fields, and focuses the first of these. Returns whether every issue has a field,
 * so that nothing is left to show above the form.
 */
export function showIssues<Field extends string>(
  setError: (field: Field, issue: { type: string; message: string }, focus: { shouldFocus: boolean }) => void,
  error: unknown,
  fields: readonly Field[],
): boolean {
  const issues = issuesOf(error);
  let shown = 0;
  for (const { path, message } of issues) {
    const field = fields.find((name) => name === path);
    if (!field) continue;
    setError(field, { type: 'api', message }, { shouldFocus: shown === 0 });
    shown += 1;
  }
  return shown > 0 && shown === issues.length;
}

/** Whether a form that asks for the current password was refused because of it. */
export function isWrongPassword(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === 'credentials_invalid';
}

function issuesOf(error: unknown): readonly { path: string; message: string }[] {
  if (!(error instanceof ApiError)) return [];
  const { code, detail, issues = [] } = error.problem;
  if (code === 'uid_taken' && issues.length === 0)
    return [{ path: 'uid', message: problemTexts.uid_taken?.title ?? detail }];
  if (isWrongPassword(error))
    return [{ path: 'current_password', message: 'This is not your current password' }];
  // POST /token calls the user ID `username`.
  return issues.map(({ path, message }) => ({ path: path === 'username' ? 'uid' : path, message }));
}
