import type { Child, PropsWithChildren } from 'hono/jsx';
import { Icon, type IconName } from './icon.tsx';

/** What was just done, said once above the page. */
export const Done = ({ children }: PropsWithChildren) => (
  <p class="notice" role="status">
    <Icon name="circle-check" /> {children}
  </p>
);

/** What one should know before one goes on. */
export const Warning = ({ children }: PropsWithChildren) => (
  <div class="warning">
    <Icon name="triangle-alert" />
    <div>{children}</div>
  </div>
);

interface EmptyProps {
  icon: IconName;
  /** What is not there. */
  title: string;
  /** What to do about it. */
  action?: Child;
}

/** In the place of a list that has nothing in it: what to do. */
export const Empty = ({ icon, title, action, children }: PropsWithChildren<EmptyProps>) => (
  <div class="empty">
    <Icon name={icon} />
    <p class="empty-title">{title}</p>
    {children && <div class="quiet">{children}</div>}
    {action && <p>{action}</p>}
  </div>
);
