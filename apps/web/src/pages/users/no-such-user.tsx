import { UserRound } from 'lucide-react';
import { EmptyState } from '../../ui/empty-state.tsx';

export function NoSuchUser() {
  return (
    <EmptyState icon={UserRound} title="No such user">
      The account was deleted, or the address is mistyped.
    </EmptyState>
  );
}
