import { type Area, within } from '../place.ts';
import { type Criterion, counts, either, excludes } from './criterion.ts';

/** Where the person lives, against the areas the service covers. Some programs refuse nobody for residence. */
export const catchment: Criterion = (need, { areas, programs }, { rules }) => {
  if (areas.length === 0) {
    return counts(1, 'Is not limited to an area.');
  }
  const homes = need.homes;
  const inside = areas.find(area => homes.some(home => within(home, area)));
  if (inside) {
    return counts(1, `Serves ${inside.words}, where the home is.`);
  }
  if (homes.length === 0 || areas.some(area => homes.some(home => within(home, area) === undefined))) {
    return counts(rules.unknown, `Serves ${listed(areas)}: whether the home is there is not known.`);
  }
  return programs.some(program => rules.refusesNobodyForResidence.includes(program))
    ? counts(rules.outsideCatchment, `Serves ${listed(areas)} first, but refuses nobody for where they live.`)
    : excludes(
        `Serves ${listed(areas)} only, and the home is elsewhere.`,
        `it took somebody from outside of ${listed(areas)}`,
      );
};

const mostNamed = 4;

function listed(areas: readonly Area[]): string {
  const names = [...new Set(areas.map(area => area.words))].sort();
  const rest = names.length - mostNamed;
  return rest > 1 ? `${names.slice(0, mostNamed).join(', ')} and ${rest} more places` : either(names);
}
