import { numbersOf, sharesOf } from './distributions.ts';
import type { Said } from './entries.ts';
import { begin, dayMs, type Network } from './network.ts';
import { statementOf } from './room.ts';
import type { Service } from './services.ts';

const backlog = numbersOf('backlogDays', ...sharesOf('need').map(([type]) => type));
const oldest = { from: 100, until: 900 };

export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);

/** When a service states its room for the first time; undefined: it does not any more. */
export function firstStatement(service: Service, { draw }: Network): number | undefined {
  const { updateDays } = service.place.truth;
  return updateDays === undefined
    ? undefined
    : begin + Math.floor(draw('stated', service.index, 1) * updateDays * dayMs);
}

/** What it said last before the beginning: its wait of then, or that of a day long ago. */
export function saidBefore(service: Service, network: Network): Said {
  const { draw } = network;
  const { updateDays } = service.place.truth;
  const first = firstStatement(service, network);
  if (first !== undefined && updateDays !== undefined)
    return {
      statement: statementOf(service.backlogDays, service),
      day: dayOf(first - updateDays * dayMs),
    };
  const age = oldest.from + draw('stated', service.index, 2) * (oldest.until - oldest.from);
  const wait = -Math.log(1 - draw('stated', service.index, 3)) * (backlog[service.type] ?? 0);
  return { statement: statementOf(wait, service), day: dayOf(begin - age * dayMs) };
}
