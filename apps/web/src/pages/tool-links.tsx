import { Link } from 'react-router';
import { tools } from './sections.ts';

/** The doors to the tools, for those who want to understand before they sign in. Nothing, if there are no tools. */
export function ToolLinks() {
  if (tools.length === 0) return null;
  return (
    <ul aria-label="Tools" className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
      {tools.map(({ to, door }) => (
        <li key={to}>
          <Link to={to} className="font-medium underline underline-offset-4">
            {door}
          </Link>
        </li>
      ))}
    </ul>
  );
}
