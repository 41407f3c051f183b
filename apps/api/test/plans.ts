import { type Database, isPostgres } from '../src/db/connect.ts';

type Sent = { readonly sql: string; readonly bindings?: readonly unknown[] };

/** The statements that `work` sends to the database, each with the plan by which the database carries it out. */
export async function plansOf(
  db: Database,
  work: () => Promise<unknown>,
): Promise<{ sql: string; plan: string }[]> {
  const sent: Sent[] = [];
  const note = ({ sql, bindings }: Sent) => void sent.push({ sql, bindings: bindings ?? [] });
  db.on('query', note);
  await work();
  db.removeListener('query', note);
  const plans: { sql: string; plan: string }[] = [];
  for (const { sql, bindings = [] } of sent) {
    const explained = `explain ${isPostgres(db) ? '' : 'query plan '}${sql.replaceAll(/\$\d+/g, '?')}`;
    const answer = await db.raw(explained, bindings as never[]);
    const lines: Record<string, string>[] = isPostgres(db) ? answer.rows : answer;
    plans.push({ sql, plan: lines.map((line) => line['QUERY PLAN'] ?? line.detail).join('\n') });
  }
  return plans;
}
