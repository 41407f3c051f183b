import { Keyboard } from 'lucide-react';
import { Link } from 'react-router';
import { buttonClass } from '../../ui/button.tsx';
import { ThemeToggle } from '../../ui/theme-toggle.tsx';
import { paths } from '../paths.ts';

/** The foot of the navigation for a visitor who is signed out. */
export function SignInLinks({ onNavigate, onKeys }: { onNavigate?: () => void; onKeys: () => void }) {
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        {[[paths.signIn, 'Sign in'] as const, [paths.signUp, 'Create account'] as const].map(
          ([to, label]) => (
            <Link
              key={to}
              to={to}
              {...(onNavigate && { onClick: onNavigate })}
              className={`${buttonClass({ size: 'small' })} grow`}
            >
              {label}
            </Link>
          ),
        )}
      </div>
      <div className="flex items-center justify-between">
        <ThemeToggle />
        <button
          type="button"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts"
          onClick={() => {
            onNavigate?.();
            onKeys();
          }}
          className="grid size-9 place-items-center rounded-lg text-muted hover:bg-ink/6 hover:text-ink"
        >
          <Keyboard aria-hidden className="size-4.5" />
        </button>
      </div>
    </div>
  );
}
