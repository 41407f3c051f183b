import { Link } from 'react-router';
import { buttonClass } from '../../ui/button.tsx';
import { paths } from '../paths.ts';
import { MessagePage } from './error-page.tsx';

export function NotFoundPage() {
  return (
    <MessagePage
      title="There is no such page"
      action={
        <Link to={paths.home} className={buttonClass({ look: 'primary' })}>
          Go to the start
        </Link>
      }
    >
      <p>
        Nothing is at <code className="font-mono text-ink">{window.location.pathname}</code>. The address may
        be mistyped, or the page may have moved.
      </p>
    </MessagePage>
  );
}
