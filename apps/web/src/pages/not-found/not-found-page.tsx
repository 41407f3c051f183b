import { Link, useLocation } from 'react-router';
import { buttonClass } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { paths } from '../paths.ts';
import { nearestEntry } from '../sections.ts';
import { PlaceSearch } from './place-search.tsx';

export function NotFoundPage() {
  const { pathname } = useLocation();
  const nearest = nearestEntry(pathname);
  return (
    <Page title="Page not found">
      <p className="text-muted [overflow-wrap:anywhere]">
        There is no page at <code className="font-mono text-ink">{pathname}</code>.
      </p>
      <div className="flex flex-wrap gap-2">
        {nearest && (
          <Link to={nearest.to} className={buttonClass({ look: 'primary' })}>
            Did you mean {nearest.label}?
          </Link>
        )}
        <Link to={paths.home} className={buttonClass(nearest ? {} : { look: 'primary' })}>
          Go to the overview
        </Link>
      </div>
      <PlaceSearch />
    </Page>
  );
}
