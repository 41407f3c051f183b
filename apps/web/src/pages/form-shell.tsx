import type { ComponentType, ReactNode } from 'react';
import { Link } from 'react-router';
import { Page } from '../ui/page.tsx';

type ShellProps = {
  onClose: () => void;
  title: string;
  description: string;
  /** Whether something was entered, which closing would lose. */
  isChanged?: boolean;
  children: ReactNode;
};

/** What a form stands in: a dialog over its list, or a page of its own. */
export type FormShell = ComponentType<ShellProps>;

/**
 * The shell of a form that was opened by its address. It needs neither the script of the dialog nor the list's, so that the
 * page loads as fast as others.
 */
export function createPageShell(list: { path: string; name: string }): FormShell {
  return function PageShell({ title, description, children }) {
    return (
      <Page
        title={title}
        description={description}
        actions={
          <Link to={list.path} className="font-medium text-sm underline underline-offset-4">
            {list.name}
          </Link>
        }
      >
        <div className="max-w-xl rounded-2xl border border-line bg-surface p-5 shadow-panel sm:p-6">
          {children}
        </div>
      </Page>
    );
  };
}
