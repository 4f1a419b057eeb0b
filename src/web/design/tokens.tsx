const colors = [
  ['ground', 'Behind everything'],
  ['card', 'Behind what belongs together'],
  ['ink', 'Text'],
  ['quiet', 'Text that comes second'],
  ['line', 'Edges'],
  ['accent', 'What one can do'],
  ['accent-ground', 'Chosen'],
  ['late', 'Past due, refused'],
  ['late-ground', 'Behind it'],
  ['mark', 'Needs attention'],
  ['mark-ground', 'Behind it'],
  ['good', 'Done, kept'],
  ['good-ground', 'Behind it'],
] as const;

/** The colors by name, as they are in the reader's scheme. */
export const Colors = () => (
  <section>
    <h2>Color</h2>
    <ul class="swatches">
      {colors.map(([name, use]) => (
        <li>
          <svg class={`swatch ${name}`} viewBox="0 0 1 1" aria-hidden="true">
            <rect width="1" height="1" />
          </svg>
          <span>
            <code>--{name}</code>
            <span class="detail">{use}</span>
          </span>
        </li>
      ))}
    </ul>
  </section>
);

const spaces = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Space and type. */
export const Sizes = () => (
  <section>
    <h2>Space and type</h2>
    <ul class="spaces">
      {spaces.map(step => (
        <li>
          <span class={`space space-${step}`} aria-hidden="true" /> <code>--space-{step}</code>
        </li>
      ))}
    </ul>
    <p class="type-title">Title, 1.75 rem</p>
    <p class="lead">Lead, 1.125 rem</p>
    <p>Text, 1 rem</p>
    <p class="detail">Detail, 0.875 rem</p>
  </section>
);
