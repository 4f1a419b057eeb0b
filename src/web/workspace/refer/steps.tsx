/** The steps of a referral, in their order, as they are in the addresses. */
export const steps = [
  { path: 'person', label: 'Person' },
  { path: 'need', label: 'Need' },
  { path: 'places', label: 'Places' },
  { path: 'packet', label: 'Packet' },
  { path: 'send', label: 'Send' },
] as const;

export type Step = (typeof steps)[number]['path'];

export const stepPath = (id: string, step: Step): string => `/refer/${id}/${step}`;

interface StepsProps {
  /** The draft; absent: nothing was written yet. */
  id?: string | undefined;
  at: Step;
  /** The furthest step one can go to. */
  reached: Step;
}

/** Where one is on the way; each step that was reached is a way back. */
export function Steps({ id, at, reached }: StepsProps) {
  const furthest = steps.findIndex(({ path }) => path === reached);
  return (
    <nav aria-label="Steps of the referral">
      <ol class="steps">
        {steps.map(({ path, label }, index) => {
          if (path === at) return <li aria-current="step">{label}</li>;
          if (id === undefined || index > furthest) return <li>{label}</li>;
          return (
            <li>
              <a href={stepPath(id, path)}>{label}</a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
