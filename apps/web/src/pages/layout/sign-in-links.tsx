import { Link } from 'react-router';
import { buttonClass } from '../../ui/button.tsx';
import { ThemeToggle } from '../../ui/theme-toggle.tsx';
import { paths } from '../paths.ts';

/** The foot of the navigation for a visitor who is signed out. */
export function SignInLinks({ onNavigate }: { onNavigate?: () => void }) {
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
      <ThemeToggle />
    </div>
  );
}
