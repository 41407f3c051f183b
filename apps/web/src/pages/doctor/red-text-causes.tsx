import { readRedText } from '@signet/doctor';
import { CauseLink } from './cause-link.tsx';

/** What a console's message can mean, the most frequent first. */
export function RedTextCauses({ text }: { text: string }) {
  const found = readRedText(text);
  if (!found) return <p>This is no message that the doctor knows.</p>;
  return (
    <>
      <p className="text-muted text-sm">
        {found.causes.length === 1 ? 'It means:' : 'It can mean one of these. The check above decides.'}
      </p>
      <ul className="mt-2 grid gap-2">
        {found.causes.map((id) => (
          <li key={id}>
            <CauseLink id={id} />
          </li>
        ))}
      </ul>
    </>
  );
}
