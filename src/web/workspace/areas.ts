import { type Role, roles } from '../../access/roles.ts';
import type { IconName } from '../components/icon.tsx';

/** A part of the workspace that the menu leads to. */
export interface Area {
  path: string;
  label: string;
  icon: IconName;
  roles: readonly Role[];
}

const everybody = Object.keys(roles) as Role[];
const clinical: Role[] = ['discharge-planner', 'intake', 'case-manager', 'supervisor'];

/** In the order of the menu. The first that a role has is where it begins. */
export const areas: readonly Area[] = [
  { path: '/leaving', label: 'Leaving soon', icon: 'door-open', roles: ['discharge-planner'] },
  { path: '/inbox', label: 'Inbox', icon: 'inbox', roles: ['intake', 'case-manager', 'supervisor'] },
  { path: '/leaving', label: 'Leaving soon', icon: 'door-open', roles: ['supervisor'] },
  { path: '/refer', label: 'Refer', icon: 'send', roles: clinical },
  {
    path: '/referrals',
    label: 'Referrals',
    icon: 'list-checks',
    roles: [...clinical, 'utilization-reviewer'],
  },
  { path: '/network', label: 'Network', icon: 'network', roles: ['network-administrator'] },
  { path: '/bots', label: 'Bots', icon: 'bot', roles: ['network-administrator'] },
  { path: '/deliveries', label: 'Deliveries', icon: 'mail', roles: ['network-administrator'] },
  { path: '/audit', label: 'Audit', icon: 'eye', roles: ['auditor'] },
  { path: '/disclosures', label: 'Disclosures', icon: 'file-text', roles: ['auditor', 'supervisor'] },
  { path: '/emergencies', label: 'Emergency access', icon: 'flame', roles: ['auditor'] },
  {
    path: '/people',
    label: 'Staff accounts',
    icon: 'users',
    roles: ['organization-administrator', 'network-administrator'],
  },
  { path: '/clients', label: 'Systems and apps', icon: 'plug', roles: ['network-administrator'] },
  { path: '/directory', label: 'Directory', icon: 'map-pin', roles: everybody },
];

export const areasOf = (role: Role): readonly Area[] => areas.filter(area => area.roles.includes(role));

/** Where a role begins. */
export const homeOf = (role: Role): string => areasOf(role)[0]?.path ?? '/directory';

/** Whether a role has the part of the workspace that begins with this path. */
export const hasArea = (role: Role, path: string): boolean =>
  areas.some(area => area.path === path && area.roles.includes(role));
