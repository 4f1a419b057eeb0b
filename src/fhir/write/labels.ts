import { labelled } from '../../access/labelling.ts';
import type { WriteOptions } from '../repository.ts';
import { writes } from './item.ts';
import type { World } from './world.ts';

/** The purpose of the one write that takes labels away: see operations/meta-delete.ts. */
export const loweringLabels = 'lower-label';

/** Every resource of the write gets the labels that are its due, whoever writes it and by whatever door. */
export function applyLabels(world: World, options: WriteOptions): void {
  if (options.purpose === loweringLabels) return;
  for (const item of world.items) {
    if (item.after && writes(item)) item.after = labelled(item.after, item.before);
  }
}
