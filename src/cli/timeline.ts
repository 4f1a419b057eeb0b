import { styleText } from 'node:util';
import type { Party } from '../demo/loop/party.ts';
import type { Timeline } from '../demo/loop/story.ts';
import type { CommandIo } from './command.ts';

/** The counts that a summary tells. */
export interface Told {
  steps: number;
  seen: number;
  parties: Set<string>;
}

const nameWidth = 18;
const colors = ['cyan', 'yellow', 'magenta', 'blue', 'green'] as const;

/**
 * Prints what happens, a line each, with the seconds since the start; what is going on shows on a terminal alone, and
 * so do colors (`styleText` asks the terminal, and NO_COLOR).
 */
export function createTimeline(io: Pick<CommandIo, 'out' | 'status'>): { timeline: Timeline; told: Told } {
  const started = performance.now();
  const told: Told = { steps: 0, seen: 0, parties: new Set() };
  const line = (mark: string, who: Party, what: string) => {
    told.parties.add(who.name);
    const color = colors[[...told.parties].indexOf(who.name) % colors.length] ?? 'cyan';
    const seconds = `${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`;
    io.status?.('');
    io.out(`${styleText('dim', seconds)}  ${mark} ${styleText(color, who.name.padEnd(nameWidth))} ${what}`);
  };
  const timeline: Timeline = {
    begins: (who, what) => io.status?.(`         … ${who.name} ${what}`),
    did(who, what) {
      told.steps++;
      line(styleText('bold', '●'), who, what);
    },
    saw(who, what) {
      told.seen++;
      line('○', who, `sees ${what}`);
    },
  };
  return { timeline, told };
}
