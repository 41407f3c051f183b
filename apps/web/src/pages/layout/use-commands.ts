import {
  CircleUserRound,
  Copy,
  Keyboard,
  LogIn,
  type LucideIcon,
  MonitorSmartphone,
  RefreshCw,
  SunMoon,
} from 'lucide-react';
import { useNavigate } from 'react-router';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { chooseTheme, otherTheme } from '../../ui/theme.ts';
import { notify } from '../../ui/toasts.ts';
import { paths } from '../paths.ts';
import { entries } from '../sections.ts';
import { useIsAdmin } from '../use-is-admin.ts';
import { useSubmit } from '../use-submit.ts';

export type Command = {
  readonly id: string;
  readonly label: string;
  /** Of a page the keys that lead there, too. */
  readonly note?: string;
  readonly icon: LucideIcon;
  readonly run: () => void;
};

type Deps = { onClose: () => void; onKeys: () => void };

/** The pages that this reader can open, and what can be done from every page. `error` is that of the last action. */
export function useCommands({ onClose, onKeys }: Deps): {
  commands: readonly Command[];
  error: Error | null;
} {
  const auth = useAuth();
  const stored = useStoredSession();
  const isAdmin = useIsAdmin();
  const navigate = useNavigate();
  const refresh = useSubmit({
    mutationFn: auth.refresh,
    onSuccess: () => {
      notify('Token refreshed. The old one stays valid until it expires.');
      onClose();
    },
  });
  const closing = (act: () => unknown) => () => {
    onClose();
    act();
  };
  const page = (to: string, label: string, icon: LucideIcon, key?: string): Command => ({
    id: to,
    label,
    icon,
    ...(key && { note: `g ${key}` }),
    run: closing(() => navigate(to)),
  });
  const theme = otherTheme();
  const commands = [
    ...entries
      .filter(({ access }) => access === 'public' || (access === 'admin' ? isAdmin : stored))
      .map(({ to, label, icon, key }) => page(to, label, icon, key)),
    ...(stored
      ? [page(paths.account, 'Account', CircleUserRound), page(paths.devices, 'Devices', MonitorSmartphone)]
      : [page(paths.signIn, 'Sign in', LogIn)]),
    ...(stored?.token
      ? [{ id: 'copy', label: 'Copy the token', icon: Copy, run: closing(() => copy(stored.token)) }]
      : []),
    ...(stored
      ? [{ id: 'refresh', label: 'Refresh the token', icon: RefreshCw, run: () => refresh.mutate() }]
      : []),
    {
      id: 'theme',
      label: `Switch to the ${theme} theme`,
      icon: SunMoon,
      run: closing(() => chooseTheme(theme)),
    },
    { id: 'keys', label: 'Keyboard shortcuts', note: '?', icon: Keyboard, run: closing(onKeys) },
  ];
  return { commands, error: refresh.error };
}

/** Over plain http there is no clipboard. */
async function copy(token: string | null): Promise<void> {
  try {
    await navigator.clipboard.writeText(token ?? '');
    notify('Token copied');
  } catch {
    notify('The browser did not allow copying. The overview shows the token.');
  }
}
