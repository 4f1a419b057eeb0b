/** One step of the loop: from whom to whom, in words. */
interface Message {
  from: Party;
  to: Party;
  words: string;
}

const parties = ['Hospital', 'Hub', 'Center'] as const;
type Party = (typeof parties)[number];

const messages: readonly Message[] = [
  { from: 'Hospital', to: 'Hub', words: 'asks: request and Task' },
  { from: 'Hub', to: 'Center', words: 'offers it to the best fit' },
  { from: 'Center', to: 'Hub', words: 'declines, with a reason' },
  { from: 'Hub', to: 'Center', words: 'offers it to the next' },
  { from: 'Center', to: 'Hub', words: 'accepts' },
  { from: 'Hub', to: 'Hospital', words: 'shows each step' },
  { from: 'Center', to: 'Hub', words: 'visit scheduled, kept' },
  { from: 'Center', to: 'Hub', words: 'completes: the outcome' },
  { from: 'Hub', to: 'Hospital', words: 'shows the outcome' },
  { from: 'Hospital', to: 'Hub', words: 'closes the request' },
];

const x: Record<Party, number> = { Hospital: 45, Hub: 190, Center: 335 };
const top = 62;
const step = 46;
const bottom = top + step * messages.length;

/** The loop of a referral as a picture, and for who does not see it as its description. */
export function LoopPicture() {
  return (
    <svg class="loop" viewBox={`0 0 380 ${bottom}`} role="img" aria-labelledby="loop-title loop-words">
      <title id="loop-title">The loop of a referral</title>
      <desc id="loop-words">{messages.map(describe).join(' ')}</desc>
      {parties.map(party => (
        <g>
          <line class="life" x1={x[party]} x2={x[party]} y1="34" y2={bottom} />
          <rect class="party" x={x[party] - 42} y="4" width="84" height="30" rx="8" />
          <text class="name" x={x[party]} y="24" text-anchor="middle">
            {party}
          </text>
        </g>
      ))}
      {messages.map((message, index) => (
        <Arrow message={message} y={top + step * index + 14} />
      ))}
    </svg>
  );
}

const describe = ({ from, to, words }: Message, index: number): string =>
  `${index + 1}. ${from} to ${to}: ${words}.`;

function Arrow({ message: { from, to, words }, y }: { message: Message; y: number }) {
  const [start, end] = [x[from], x[to]];
  const back = end < start ? 7 : -7;
  const middle = (start + end) / 2;
  return (
    <g>
      <text class="words" x={middle} y={y - 8} text-anchor="middle">
        {words}
      </text>
      <line class="arrow" x1={start} x2={end} y1={y} y2={y} />
      <path class="head" d={`M${end} ${y}l${back} -4v8z`} />
    </g>
  );
}
