/** What a person is to the organization they act for. */
export type Role =
  | 'discharge-planner'
  | 'intake'
  | 'case-manager'
  | 'supervisor'
  | 'utilization-reviewer'
  | 'organization-administrator'
  | 'network-administrator'
  | 'auditor';
