import type { Candidate } from './candidate.ts';

/** A service that says no more than what it offers; tests say the rest. */
export const plain = (about: Partial<Candidate> & Pick<Candidate, 'id'>): Candidate => ({
  organization: about.id,
  name: about.id,
  offers: ['s|136'],
  areas: [],
  positions: [],
  ages: [],
  populations: [],
  payers: [],
  provision: [],
  languages: [],
  programs: [],
  characteristics: [],
  load: 0,
  ...about,
});
