import type { PropsWithChildren } from 'hono/jsx';
import { Icon, type IconName } from './icon.tsx';

/** How much a mark asks of whom reads it. */
export type Tone = 'plain' | 'good' | 'attention' | 'late';

/** A word or two that stand out: a state, an urgency. Never color alone. */
export const Mark = ({
  tone = 'plain',
  icon,
  children,
}: PropsWithChildren<{ tone?: Tone; icon?: IconName }>) => (
  <span class={`mark ${tone}`}>
    {icon && <Icon name={icon} />}
    {children}
  </span>
);
