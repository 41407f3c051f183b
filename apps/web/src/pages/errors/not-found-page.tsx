import { Link } from 'react-router';
import { buttonClass } from '../../ui/button.tsx';
import { paths } from '../paths.ts';
import { MessagePage } from './error-page.tsx';

export function NotFoundPage() {
  return (
    <MessagePage
      title="Page not found"
      action={
        <Link to={paths.home} className={buttonClass({ look: 'primary' })}>
          Go to the overview
        </Link>
      }
    >
      <p>
        There is no page at <code className="font-mono text-ink">{window.location.pathname}</code>.
      </p>
    </MessagePage>
  );
}
