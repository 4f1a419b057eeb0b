import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { raw } from 'hono/html';

/** The icons in use, by their names in the one set (https://lucide.dev/icons). */
export const iconNames = [
  'arrow-right',
  'ban',
  'bed',
  'bell',
  'bot',
  'building-2',
  'calendar',
  'calendar-check',
  'calendar-x',
  'check',
  'circle-alert',
  'circle-check',
  'circle-question-mark',
  'clock',
  'door-open',
  'eye',
  'file-text',
  'flame',
  'heart-handshake',
  'history',
  'house',
  'inbox',
  'info',
  'key-round',
  'list-checks',
  'mail',
  'map-pin',
  'message-square',
  'network',
  'paperclip',
  'pause',
  'pencil',
  'phone',
  'play',
  'plug',
  'plus',
  'printer',
  'refresh-cw',
  'search',
  'send',
  'shield',
  'split',
  'star',
  'triangle-alert',
  'undo-2',
  'user',
  'user-plus',
  'users',
  'utensils',
  'x',
] as const;

export type IconName = (typeof iconNames)[number];

interface IconProps {
  name: IconName;
  /** What it says, where no words beside it say so; absent: it is decoration. */
  label?: string;
}

/** A picture of one line, as large as the text beside it. */
export function Icon({ name, label }: IconProps) {
  const said =
    label === undefined ? { 'aria-hidden': 'true' as const } : { role: 'img', 'aria-label': label };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it is decoration, or named by aria-label
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      {...said}
    >
      {raw(drawing(name))}
    </svg>
  );
}

const require = createRequire(import.meta.url);
const drawings = new Map<IconName, string>();

/** What is inside the svg element of the set's file. */
function drawing(name: IconName): string {
  const known = drawings.get(name);
  if (known !== undefined) return known;
  const file = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), 'utf8');
  const inside = file.slice(file.indexOf('>', file.indexOf('<svg')) + 1, file.lastIndexOf('</svg>'));
  const drawn = inside.replace(/\s+/g, ' ').trim();
  drawings.set(name, drawn);
  return drawn;
}
