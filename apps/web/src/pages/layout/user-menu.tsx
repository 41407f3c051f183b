import { Ellipsis } from 'lucide-react';
import { MenuButton } from '../../ui/menu-button.tsx';
import { Person, UserLinks } from './signed-in-user.tsx';

/** Who is signed in, with a menu: the foot of the sidebar. */
export function UserMenu({ onKeys }: { onKeys: () => void }) {
  return (
    <MenuButton
      label="Your account and settings"
      face={
        <>
          <Person />
          <Ellipsis aria-hidden className="size-4.5 shrink-0 text-muted" />
        </>
      }
    >
      {(close) => <UserLinks onNavigate={close} onKeys={onKeys} />}
    </MenuButton>
  );
}
