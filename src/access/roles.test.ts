import { describe, expect, it } from 'vitest';
import { may, requireAbility } from './abilities.ts';
import { type Actor, allows, type Interaction } from './actor.ts';
import { type Ability, abilities, actorOf, type Role, roleNames, roles, rolesFor } from './roles.ts';

const as = (role: Role) => actorOf({ account: 'a', organization: 'clinic', role });
const interactions: Interaction[] = ['create', 'read', 'update', 'delete', 'search'];

/** Said a second time, apart from the table: role, interaction, type, whether it is allowed. */
const cases: [Role, Interaction, string, boolean][] = [
  ['discharge-planner', 'create', 'ServiceRequest', true],
  ['discharge-planner', 'update', 'Task', true],
  ['discharge-planner', 'create', 'CarePlan', false],
  ['discharge-planner', 'delete', 'Patient', false],
  ['discharge-planner', 'update', 'HealthcareService', false],
  ['intake', 'update', 'Task', true],
  ['intake', 'create', 'EpisodeOfCare', true],
  ['intake', 'create', 'CarePlan', false],
  ['case-manager', 'create', 'CarePlan', true],
  ['case-manager', 'search', 'MedicationStatement', true],
  ['case-manager', 'update', 'PractitionerRole', false],
  ['supervisor', 'delete', 'Task', true],
  ['supervisor', 'update', 'Organization', false],
  ['utilization-reviewer', 'read', 'Patient', true],
  ['utilization-reviewer', 'read', 'Observation', false],
  ['utilization-reviewer', 'update', 'Condition', false],
  ['utilization-reviewer', 'update', 'Claim', true],
  ['organization-administrator', 'update', 'Organization', true],
  ['organization-administrator', 'create', 'PractitionerRole', true],
  ['organization-administrator', 'read', 'Patient', false],
  ['organization-administrator', 'search', 'Task', false],
  ['network-administrator', 'read', 'Patient', false],
  ['network-administrator', 'update', 'Task', true],
  ['auditor', 'search', 'AuditEvent', true],
  ['auditor', 'read', 'Observation', false],
  ['auditor', 'update', 'Patient', false],
];

describe('a role', () => {
  it.each(cases)('%s: %s %s is %s', (role, interaction, type, allowed) =>
    expect(allows(as(role), interaction, type)).toBe(allowed),
  );

  it.each(roleNames)(
    '%s reads the directory, and nobody but who keeps it or receives referrals changes it',
    role => {
      expect(allows(as(role), 'search', 'HealthcareService')).toBe(true);
      const statesRoom = role === 'intake' || role === 'supervisor';
      const keeps = may(as(role), 'edit-directory');
      expect(allows(as(role), 'update', 'HealthcareService')).toBe(keeps || statesRoom);
      expect(allows(as(role), 'create', 'HealthcareService')).toBe(keeps);
      expect(allows(as(role), 'update', 'Organization')).toBe(keeps);
    },
  );

  it.each(roleNames)('%s: who keeps people or the network sees no record', role => {
    if (!may(as(role), 'manage-people')) return;
    for (const interaction of interactions) expect(allows(as(role), interaction, 'Patient')).toBe(false);
  });

  it('asks for a second factor where it lets more than one’s own work be seen', () => {
    const weighty: Ability[] = ['read-audit', 'lower-labels', 'manage-people', 'manage-network'];
    for (const role of roleNames)
      if (weighty.some(ability => may(as(role), ability))) expect(roles[role].secondFactor, role).toBe(true);
  });

  it('writes only interactions of SMART, in their order', () => {
    for (const role of roleNames)
      for (const letters of Object.values(roles[role].scopes)) expect(letters).toMatch(/^c?r?u?d?s?$/);
  });
});

describe('abilities', () => {
  it('are all had by somebody, and by nobody who has no role', () => {
    for (const ability of Object.keys(abilities) as Ability[])
      expect(
        roleNames.some(role => may(as(role), ability)),
        ability,
      ).toBe(true);
    const person: Actor = { kind: 'person', id: 'a', organization: 'clinic', scopes: [] };
    expect(may(person, 'break-glass')).toBe(false);
    expect(() => requireAbility(person, 'break-glass')).toThrow(/role does not include.*emergency/);
  });

  it('are not asked of systems, whose scopes alone decide', () => {
    expect(may({ kind: 'client', id: 'ehr', organization: 'clinic', scopes: [] }, 'break-glass')).toBe(true);
    const app: Actor = { kind: 'client', id: 'app', organization: 'clinic', scopes: [], abilities: [] };
    expect(may(app, 'break-glass')).toBe(false);
  });
});

it('gives the network’s own roles to its organization alone', () => {
  expect(rolesFor('hub', 'hub')).toEqual(['network-administrator', 'auditor']);
  expect(rolesFor('clinic', 'hub')).not.toContain('network-administrator');
});
