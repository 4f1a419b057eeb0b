import type { Stage } from '../../referrals.ts';

export interface OtherSide {
  /** The reader's own side. */
  direction: 'sent' | 'received';
  stage: Stage;
  /** Where it is over: the other side had taken it on. */
  worked: boolean;
  /** What the other side is called. */
  name: string;
  /** It treats people: an accepted referral opens the record to it. */
  treating: boolean;
  /** The hub asks in the sender's name, so the sender is not the one who asks directly. */
  throughHub: boolean;
}

/** What the other side of a referral sees of it, in sentences. The rules are those of src/access. */
export function otherSideWords({
  direction,
  stage,
  worked,
  name,
  treating,
  throughHub,
}: OtherSide): string[] {
  if (stage === 'draft') return ['Nobody else sees this referral before you send it.'];
  if (direction === 'received')
    return [
      `${name} sees your answer with its reason, the dates of visits, your messages to it, the documents you attach here, and the outcome.`,
      'It does not see your own notes and records of the person.',
      ...(throughHub ? ['It reads each of your steps on its own referral, by way of the hub.'] : []),
    ];
  return [
    ...ofReceiver({ name, stage, worked, treating }),
    'It does not see which other places were asked, nor what they said.',
  ];
}

function ofReceiver({
  name,
  stage,
  worked,
  treating,
}: Pick<OtherSide, 'name' | 'stage' | 'worked' | 'treating'>): string[] {
  if (stage === 'ended')
    return worked
      ? [
          `The work of ${name} is over. For some time it still sees what it worked with, so that it can finish its records.`,
        ]
      : [`${name} never took the referral on: it no longer sees who the person is.`];
  const packet = `${name} sees who the person is, what you ask for, and what you attached.`;
  const labels = 'What needs a consent, such as substance use treatment, is shown only where one names it.';
  if (stage !== 'asked' && treating)
    return [
      packet,
      'It treats the person: having accepted, it also sees the record that you keep in the hub.',
      labels,
    ];
  return [packet, 'It sees nothing else of the record.', labels];
}
