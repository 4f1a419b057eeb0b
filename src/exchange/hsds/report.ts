/** What a refresh of the directory from a source did. Keys are the source's: `service:1`. */
export interface RefreshReport {
  source: string;
  /** An instant. */
  at: string;
  created: string[];
  changed: { key: string; elements: string[] }[];
  unchanged: number;
  /** Not in the source this time, for the first time: still open. */
  vanished: string[];
  /** Not in the source for the second time: closed now. */
  closed: string[];
  /** What the source says differently, where the site has its own say: the site's stays. */
  conflicts: { key: string; elements: string[] }[];
  /** Services whose place is not published. */
  hidden: string[];
  refused: { key: string; why: string }[];
  /** What was taken without a part that is wrong. Reports of earlier versions say nothing of it. */
  remarks?: { key: string; why: string }[];
}

export const emptyReport = (source: string, now: Date): RefreshReport => ({
  source,
  at: now.toISOString(),
  created: [],
  changed: [],
  unchanged: 0,
  vanished: [],
  closed: [],
  conflicts: [],
  hidden: [],
  refused: [],
});

/** The report as lines: what needs a person's eye by name, the rest as counts. */
export function reportLines(report: RefreshReport): string[] {
  const {
    source,
    at,
    created,
    changed,
    unchanged,
    vanished,
    hidden,
    conflicts,
    refused,
    remarks = [],
  } = report;
  const counts = `${created.length} new, ${changed.length} changed, ${unchanged} as before, ${hidden.length} without a place`;
  return [
    `${source} at ${at}: ${counts}`,
    ...changed.map(({ key, elements }) => `changed ${key}: ${elements.join(', ')}`),
    ...vanished.map(key => `vanished ${key}: closed if it is not there the next time either`),
    ...report.closed.map(key => `closed ${key}: it was not there twice`),
    ...conflicts.map(({ key, elements }) => `conflict ${key}: ${elements.join(', ')} stay as edited here`),
    ...remarks.map(({ key, why }) => `taken in part ${key}: ${why}`),
    ...refused.map(({ key, why }) => `refused ${key}: ${why}`),
  ];
}
