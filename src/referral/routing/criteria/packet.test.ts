import type { Extension, HealthcareService, Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import weights from '../../../../terminology/routing-weights.json' with { type: 'json' };
import { needsOf } from '../../packet/needs.ts';
import { packetExtension, packetSystem } from '../../packet/rules.ts';
import { plain } from '../candidate.harness.ts';
import type { Candidate, Need } from '../candidate.ts';
import { rank } from '../rank.ts';
import { routingRules } from '../rules.ts';
import { packet } from './packet.ts';

const rules = routingRules(weights);
const now = new Date('2026-03-02T15:00:00Z');

const asks = (code: string, strength: string, text = code): Extension => ({
  url: packetExtension.need,
  extension: [
    { url: 'item', valueCodeableConcept: { coding: [{ system: packetSystem.item, code }], text } },
    { url: 'strength', valueCode: strength },
  ],
});
const service = (...extension: Extension[]): HealthcareService => ({
  resourceType: 'HealthcareService',
  extension,
});
const somewhere = (id: string, ...extension: Extension[]): Candidate =>
  plain({ id, asksFor: needsOf([service(...extension)]) });
const condition: Resource = {
  resourceType: 'Condition',
  id: '1',
  subject: { reference: 'Patient/1' },
  code: { text: 'Depression' },
};
const someone = (attached: Resource[] = [], unseen?: true): Need => ({
  services: ['s|136'],
  homes: [],
  payers: [],
  languages: [],
  priority: 'routine',
  programs: [],
  populations: [],
  requires: { access: [], levels: [], licences: [] },
  wishes: { preferred: [], avoided: [], characteristics: [] },
  asked: [],
  refusals: [],
  packet: { patient: 'Patient/1', attached, now, ...(unseen ? { unseen } : {}) },
});

const risk = asks('risk', 'expected', 'C-SSRS');
const problems = asks('problems', 'required', 'Problems');
const allergies = asks('allergies', 'welcome');

describe('what a place asks for with a referral', () => {
  it.each<[string, Extension[], Need, number, string]>([
    ['nothing', [], someone(), 1, 'Asks for nothing more with a referral.'],
    ['only what is welcome', [allergies], someone(), 1, 'Asks for nothing more with a referral.'],
    [
      'what is there',
      [problems],
      someone([condition]),
      1,
      'All that it asks for with a referral is attached.',
    ],
    ['one of two', [problems, risk], someone([condition]), 0.5, 'Asks for C-SSRS (missing).'],
    [
      'none of two',
      [problems, risk],
      someone(),
      0,
      'Asks for Problems (missing, and it takes no referral without) and C-SSRS (missing).',
    ],
    [
      'something, and not all is to be seen',
      [risk],
      someone([], true),
      0,
      'Asks for C-SSRS (missing, as far as can be seen).',
    ],
  ])('%s', (_, extension, need, value, words) => {
    expect(packet(need, somewhere('a', ...extension), { rules, now })).toEqual({
      excludes: false,
      value,
      words,
    });
  });

  it('is no matter where nothing is known of the packet', () => {
    const { packet: _, ...need } = someone();
    expect(packet(need, somewhere('a', risk), { rules, now })).toBeUndefined();
  });

  it('excludes nobody, and orders only where a site gives it a weight', () => {
    const places = [somewhere('a', problems), somewhere('b')];
    const order = (own: typeof rules) =>
      rank(someone(), places, own, now).ranked.map(one => one.candidate.id);
    expect(order(rules)).toEqual(['a', 'b']);
    const weighty = routingRules({ ...weights, programs: { p: { weights: { routine: { packet: 2 } } } } }, [
      'p',
    ]);
    expect(order(weighty)).toEqual(['b', 'a']);
  });
});
