import type { Coding, Questionnaire } from '@medplum/fhirtypes';
import shipped from '../../../terminology/instrument-scoring.json' with { type: 'json' };
import ahcHrsn from '../../../terminology/questionnaire-ahc-hrsn.json' with { type: 'json' };
import auditC from '../../../terminology/questionnaire-audit-c.json' with { type: 'json' };
import cSsrs from '../../../terminology/questionnaire-c-ssrs.json' with { type: 'json' };
import gad7 from '../../../terminology/questionnaire-gad-7.json' with { type: 'json' };
import phq9 from '../../../terminology/questionnaire-phq-9.json' with { type: 'json' };
import satisfaction from '../../../terminology/questionnaire-satisfaction.json' with { type: 'json' };
import type { Duration } from '../../referral/clocks/calendar.ts';

/** What a score means: of the persons of one gender, or of anybody. The first band that fits counts. */
export interface Band {
  code: string;
  display: string;
  /** Both inclusive. */
  low: number;
  high: number;
  gender?: string;
}

/** One of the rules of `terminology/instrument-scoring.json`: how one Questionnaire is scored, and what follows. */
export interface Scoring {
  /** Canonical URL. */
  questionnaire: string;
  /** Only somebody who asked in person may have written the answers down. */
  byInterview?: boolean;
  /** The sum of these items; none while one of them is not answered. */
  total?: { system: string; code: string; display: string; items: readonly string[] };
  bands?: readonly Band[];
  /** The first level of which an item is answered with more than nothing; the last one, of nothing at all. */
  level?: {
    system: string;
    code: string;
    display: string;
    levels: readonly { code: string; display: string; any: readonly string[] }[];
  };
  /** Items that become Observations of their own; `positive`: the answers that mark a need, of this category. */
  observe?: readonly { item: string; positive?: readonly string[]; category?: Coding }[];
  alerts?: readonly Alert[];
}

/** An answer, or a level, that asks for a Task. */
export type Alert =
  | { ask: string; item: string; atLeast: number; level?: never }
  | { ask: string; level: string; item?: never };

/** A Task that an alert asks for. */
export interface AskedTask {
  priority: 'routine' | 'urgent' | 'asap' | 'stat';
  within: Duration;
  description: string;
}

export interface ScoringPack {
  tasks: Readonly<Record<string, AskedTask>>;
  instruments: readonly Scoring[];
}

export const scoringPack = shipped as ScoringPack;

/** An instrument: the questions, and how they are scored. */
export interface Instrument {
  questionnaire: Questionnaire;
  scoring: Scoring;
}

const questionnaires = [
  phq9,
  gad7,
  cSsrs,
  auditC,
  ahcHrsn,
  satisfaction,
] as unknown as readonly Questionnaire[];

/** The instruments of the hub, by the canonical URL of the Questionnaire. */
export const instruments: ReadonlyMap<string, Instrument> = new Map(
  scoringPack.instruments.map(scoring => {
    const questionnaire = questionnaires.find(({ url }) => url === scoring.questionnaire);
    if (!questionnaire)
      throw new Error(`instrument-scoring names ${scoring.questionnaire}, which is not there`);
    return [scoring.questionnaire, { questionnaire, scoring }];
  }),
);
